"""Whether anybody waits for a compiler: pauses of a process whose loops are compiled for the first time."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.benchmarks.speed.figures import Figure

LIMIT = 200.0
WARM_ROUNDS = 5


def figures() -> Iterator[Figure]:
    yield _pauses("nothing compiled meanwhile", [_beaten("plain", "")])
    with tempfile.TemporaryDirectory() as cache:
        first = [_beaten("auto", cache)]
        later = [_beaten("auto", cache) for _ in range(WARM_ROUNDS)]
    for when, rounds in (("loops compiled meanwhile", first), ("loops loaded meanwhile", later)):
        yield _pauses(when, rounds, LIMIT)
        yield Figure(f"until loops are used: {when}", tuple(one["seconds"] for one in rounds), "s")


def _pauses(when: str, rounds: list[dict[str, float]], limit: float | None = None) -> Figure:
    return Figure(f"longest pause of a thread: {when}", tuple(1000 * one["pause"] for one in rounds), "ms", limit)


def _beaten(kernels: str, cache: str) -> dict[str, float]:
    environment = {**os.environ, "PREP_KERNELS": kernels, "NUMBA_CACHE_DIR": cache}
    call = [sys.executable, "-m", "tests.benchmarks.speed.heartbeat"]
    told = subprocess.run(call, check=True, stdout=subprocess.PIPE, env=environment).stdout
    found: dict[str, float] = json.loads(told)
    return found
