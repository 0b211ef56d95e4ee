"""Landmarks of histograms: the percentiles by which scans are brought to one scale."""

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.combined import Answered
from prep_core.measure.percentiles import Percentiles


def landmark_curve(percents: Sequence[float]) -> Answered:
    """`landmarks`: the percentiles of all voxels taken, exact, as a curve.

    Two passes over floats, one over integers of up to 16 bits; takes 1 MB for each percentile at most.
    """
    return Answered(("landmarks",), Percentiles(**{str(percent): percent for percent in percents}), _curve)


class StandardLandmarks:
    """`standard`: the mean over scans of their landmarks, once each scan's ends are brought to `out`.

    Parameters
    ----------
    percents : sequence of float
        Of the landmarks; the first and the last are the ends.
    out : (float, float)
        What the ends become.

    Notes
    -----
    One call of `update` is one scan: unlike other accumulators this one must be given all voxels of a part of a scan
    at once, since every scan counts alike, however many voxels it has and however much each weighs.  Keeps the
    landmarks of each scan, 8 bytes each, and adds them with one rounding at the end: the order of the scans changes
    nothing.
    """

    names = ("standard",)

    def __init__(self, percents: Sequence[float], out: tuple[float, float]) -> None:
        self.count = 0
        self._percents = tuple(percents)
        self._out = out
        self._scans: list[list[float]] = []

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        own = self.of_one_scan()
        own.update(values)
        while own.again():
            own.update(values)
        self.take(own)

    def update_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Take a scan that has each of (n,) `values` as often as (n,) `counts` says."""
        own = self.of_one_scan()
        own.update_counted(values, counts)
        while own.again():
            own.update_counted(values, counts)
        self.take(own)

    def of_one_scan(self) -> Answered:
        """What one scan is measured with, in portions, where its voxels cannot be given at once; then it is taken."""
        return landmark_curve(self._percents)

    def take(self, own: Answered) -> None:
        """Take one scan, measured with `of_one_scan`."""
        self._scans.append(self._scaled(own.finish()["landmarks"].astype(np.float64)))
        self.count += own.count

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._scans += other._scans

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, NDArray[np.float32]]:
        means = [math.fsum(column) / len(self._scans) for column in zip(*self._scans, strict=True)]
        return {"standard": np.array(means, np.float32)}

    def _scaled(self, own: NDArray[np.float64]) -> list[float]:
        low, high = self._out
        if own[0] == own[-1]:
            ends = f"percentiles {self._percents[0]:g} and {self._percents[-1]:g}"
            raise ValueError(f"has nothing to scale in one of the scans: its {ends} are both {own[0]:g}")
        return list(low + (own - own[0]) / (own[-1] - own[0]) * (high - low))


def _curve(percentiles: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    return {"landmarks": np.array(list(percentiles.values()), np.float32)}
