"""How channels vary together."""

import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.exact_sum import ExactSums


class CoMoments:
    """`mean`, (channels,), `covariance` (ddof 0) and `correlation`, (channels, channels), of voxels with channels.

    The sums are exact, so neither order nor grouping can move a bit.  A channel that is constant has no correlation:
    it is NaN.  Voxels are measured as float32, in which steps compute.
    """

    names = ("mean", "covariance", "correlation")

    def __init__(self, channels: int) -> None:
        self.count = 0
        self._sums = ExactSums(channels)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        """Take `values`, (channels, voxels)."""
        self.count += values.shape[1]
        self._sums.add(values, weight)

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._sums.merge(other._sums)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, NDArray[np.float64]]:
        spreads = self._sums.spreads()
        variances = spreads.diagonal()
        correlation = [
            [_ratio(spread, one * other) for spread, other in zip(row, variances, strict=True)]
            for row, one in zip(spreads, variances, strict=True)
        ]
        return {
            "mean": np.array(self._sums.mean()),
            "covariance": np.array(self._sums.covariance()),
            "correlation": np.array(correlation),
        }


def _ratio(spread: int, squared: int) -> float:
    """spread / sqrt(squared); NaN where that is nothing."""
    # The root of so many bits more is within 2^-64 of the true one, however small it is.
    return (spread << 128) / math.isqrt(squared << 256) if squared else math.nan
