"""How fast the kernels are against the usual library, as ratios in one run: python -m tests.benchmarks.kernels.

Both sides run in alternation and the best of five counts, so that a busy machine slows both.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from skimage.exposure import equalize_adapthist

from prep_core.inspection import percentiles
from prep_core.ops.contrast.clahe import clahe

ROUNDS = 5
PERCENTS = (0.1, 0.5, 1.0, 2.0, 5.0, 50.0, 95.0, 98.0, 99.0, 99.5, 99.9)


def ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The best seconds of `ours`, and how many times slower `theirs` is."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, run in enumerate((ours, theirs)):
            start = time.perf_counter()
            run()
            best[i] = min(best[i], time.perf_counter() - start)
    return best[0], best[1] / best[0]


def main() -> None:
    rng = np.random.default_rng(0)
    floats = (10 ** rng.uniform(-6, 2, 1 << 22)).astype(np.float32)
    integers = rng.normal(0, 400, 1 << 22).astype(np.int16)
    plane = rng.uniform(size=(512, 512)).astype(np.float32)
    unit = {"low": 0.0, "high": 1.0}
    rows = {
        "11 percentiles, 4 M float32, against np.percentile": (
            lambda: percentiles(floats, PERCENTS),
            lambda: np.percentile(floats, PERCENTS),
        ),
        "11 percentiles, 4 M int16, against np.percentile": (
            lambda: percentiles(integers, PERCENTS),
            lambda: np.percentile(integers, PERCENTS),
        ),
        "CLAHE fast, 512 x 512, against scikit-image": (
            lambda: clahe(plane, unit, engine="fast"),
            lambda: equalize_adapthist(plane, kernel_size=64),
        ),
    }
    for name, (ours, theirs) in rows.items():
        seconds, times = ratio(ours, theirs)
        sys.stdout.write(f"{name:52} {1000 * seconds:7.1f} ms, {times:5.1f} times faster\n")


if __name__ == "__main__":
    main()
