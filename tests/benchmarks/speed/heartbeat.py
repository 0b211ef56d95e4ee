"""How long a thread is held up while loops are compiled in another: python -m tests.benchmarks.speed.heartbeat."""

import json
import os
import sys
import time

import numpy as np

from prep_core.kernels.finite import is_finite
from prep_core.kernels.switch import FEWEST, VARIABLE, compiled

BEAT = 0.005
"""Seconds that the thread asks to sleep, over and over."""

ALONE, PATIENCE = 10.0, 900.0
"""Seconds of beating where no loops are asked for; and within which they must be there where they are."""


def main() -> None:
    """Print the longest pause and how long it beat, in seconds: until all loops are there, if any are asked for."""
    longest, start = 0.0, time.perf_counter()
    # The first call on a large array begins to load them.
    is_finite(np.zeros(FEWEST, np.float32))
    while not _ended(time.perf_counter() - start):
        before = time.perf_counter()
        time.sleep(BEAT)
        longest = max(longest, time.perf_counter() - before - BEAT)
    json.dump({"pause": longest, "seconds": time.perf_counter() - start}, sys.stdout)


def _ended(seconds: float) -> bool:
    if os.environ.get(VARIABLE) == "plain":
        return seconds > ALONE
    if seconds > PATIENCE:
        raise SystemExit(f"the loops were not compiled within {PATIENCE:g} s")
    return compiled().get("finite.all_finite") is not None


if __name__ == "__main__":
    main()
