"""Percentiles over many volumes, against a t-digest; the same bytes from one process and from two."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path

import numpy as np
from fastdigest import TDigest
from numpy.typing import NDArray

from prep_core.measure import Percentiles
from tests.benchmarks.speed.agreement import Agreement
from tests.benchmarks.speed.arrays import oct_intensity
from tests.benchmarks.speed.cases import Case, Peer
from tests.benchmarks.speed.figures import Figure, workers_in_words

COUNTS = (10, 20, 40)
SIDE = 128
PERCENTS = {"low": 1.0, "middle": 50.0, "high": 99.8}
RECIPE = "prep: 1\nname: speed\nsteps:\n- {step: percentile_rescale, low: 1, high: 99.8, over: dataset}\n"

Volumes = Sequence[NDArray[np.float32]]


def cases() -> Iterator[Case | Figure]:
    one = oct_intensity(SIDE)
    for count in COUNTS:
        # Exposures of one phantom: each twice as bright as another, as in a clinic.
        stack = np.stack([one * np.float32(2 ** (i % 5 - 2 + i / 40)) for i in range(count)])
        volumes = [volume.reshape(-1) for volume in stack]
        asked = 50.0 if count == COUNTS[-1] else None
        digest = partial(_digested, volumes)
        size = f"{count} x {SIDE}^3"
        peer = Peer("t-digest (fastdigest)", digest, _near, asked)
        yield Case("percentiles of a dataset, exact", size, stack, partial(_exact, volumes), (peer,))
        peer = Peer("t-digest (fastdigest)", digest, _counted)
        yield Case("percentiles of a dataset, one pass", size, stack, partial(_one_pass, volumes), (peer,))
    yield from _by_workers(stack)


def _exact(volumes: Volumes) -> list[float]:
    counter = _one_pass(volumes)
    while counter.again():
        for volume in volumes:
            counter.update(volume)
    return list(counter.finish().values())


def _one_pass(volumes: Volumes) -> Percentiles:
    """What is counted once: the answer is then known to 0.4 %, and other percentiles need no new pass."""
    counter = Percentiles(**PERCENTS)
    for volume in volumes:
        counter.update(volume)
    return counter


def _digested(volumes: Volumes) -> list[float]:
    digest = TDigest()
    for volume in volumes:
        digest.batch_update(volume)
    return [digest.quantile(percent / 100) for percent in PERCENTS.values()]


def _near(ours: list[float], theirs: list[float]) -> Agreement:
    off = float(np.max(np.abs(np.array(theirs) / np.array(ours) - 1)))
    return Agreement(f"the t-digest is off by {100 * off:.2f} % at most", off < 0.1)


def _counted(ours: Percentiles, theirs: list[float]) -> Agreement:
    return Agreement("counts, no answer yet", ours.count > 0 and len(theirs) == len(ours.names))


def _by_workers(stack: NDArray[np.float32]) -> Iterator[Figure]:
    """`fit` by one process and by two."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "recipe.yaml").write_text(RECIPE)
        (folder / "scans").mkdir()
        for i, volume in enumerate(stack):
            np.save(folder / "scans" / f"{i:02}.npy", volume)
        seconds = {workers: _fitted(folder, workers) for workers in (1, 2)}
        fitted = {workers: (folder / f"fitted{workers}.yaml").read_bytes() for workers in seconds}
    for workers, took in seconds.items():
        yield Figure(f"fit on {len(stack)} x {SIDE}^3, {workers_in_words(workers)}", (took,), "s")
    differ = sum(a != b for a, b in zip_longest(fitted[1], fitted[2]))
    yield Figure("bytes of the fitted recipe that differ between 1 and 2 workers", (differ,), "bytes", 0)


def _fitted(folder: Path, workers: int) -> float:
    start = time.perf_counter()
    out = ["-o", folder / f"fitted{workers}.yaml", "--axes", "ZYX", "--workers", str(workers)]
    call = [sys.executable, "-m", "prep_core", "fit", folder / "recipe.yaml", folder / "scans", *out]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
