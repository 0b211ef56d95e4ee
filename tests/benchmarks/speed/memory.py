"""Memory at most, of processes started for it: looking at a large scan, and applying a recipe to it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.benchmarks.speed.arrays import oct_intensity
from tests.benchmarks.speed.figures import Figure
from tests.benchmarks.speed.footprint import LARGE

SIDE = 512
ROUNDS = 3


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "volume.npy"
        np.save(file, oct_intensity(SIDE))
        size = f"{SIDE}^3 float32, {file.stat().st_size / 1e9:.2f} GB"
        yield Figure("load and inspect, whole process", _gigabytes("inspect", file), "GB", 1.2, size)
        yield Figure("load and apply five lines, whole process", _gigabytes("apply", file), "GB", 1.8, size)
        above = tuple(peak / 1e6 for peak in _peaks("pointwise", file))
        remark = f"{LARGE}^3 float32, four lines"
        yield Figure("chain of pointwise lines, above one output volume", above, "MB", 2.0, remark)


def _gigabytes(task: str, file: Path) -> tuple[float, ...]:
    return tuple(peak / 1e9 for peak in _peaks(task, file))


def _peaks(task: str, file: Path) -> list[int]:
    call = [sys.executable, "-m", "tests.benchmarks.speed.footprint", task, file]
    # Or the loops would be loaded in the middle of a task, and their 120 MB be taken for its own.
    loaded = {**os.environ, "PREP_KERNELS": "compiled"}
    return [int(subprocess.run(call, check=True, stdout=subprocess.PIPE, env=loaded).stdout) for _ in range(ROUNDS)]
