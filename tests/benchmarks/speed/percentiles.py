"""Eleven percentiles of a volume, against NumPy."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from prep_core.inspection import percentiles
from tests.benchmarks.speed.agreement import Agreement
from tests.benchmarks.speed.arrays import SIDES, ct, cube, oct_intensity
from tests.benchmarks.speed.cases import Case, Peer

PERCENTS = (0.1, 0.5, 1.0, 2.0, 5.0, 50.0, 95.0, 98.0, 99.0, 99.5, 99.9)


def cases() -> Iterator[Case]:
    for side in SIDES:
        asked = side > SIDES[0]
        for name, given, target in (
            ("11 percentiles, float32", oct_intensity(side), 8.0),
            ("11 percentiles, int16", ct(side), 12.0),
        ):
            call = partial(np.percentile, given, PERCENTS)
            peer = Peer("NumPy percentile", call, _same, target if asked else None)
            yield Case(name, cube(side), given, partial(percentiles, given.reshape(-1), PERCENTS), (peer,))


def _same(ours: list[float], theirs: np.ndarray) -> Agreement:
    """To the last bit of float32, in which NumPy interpolates percentiles of float32."""
    off = float(np.max(np.abs(np.array(ours) / theirs.astype(np.float64) - 1)))
    return Agreement(f"differ by at most {off:.1e} of the value", off <= 2**-23)
