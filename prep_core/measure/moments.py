"""Mean and standard deviation in one pass."""

import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 18  # 2 MB of float64: stays in the second-level cache


class Moments:
    """`mean` and `std` (ddof 0) of all voxels taken, in float64.

    References
    ----------
    Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance, The American Statistician 37:242.
    """

    def __init__(self) -> None:
        self.count = 0
        self._mean = 0.0
        self._squares = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        return ("mean", "std")

    def update(self, values: NDArray[Any]) -> None:
        for start in range(0, values.size, _BLOCK):
            block = values[start : start + _BLOCK].astype(np.float64)
            mean = float(block.mean())
            self._add(block.size, mean, float(np.square(block - mean).sum()))

    def merge(self, other: Self) -> None:
        self._add(other.count, other._mean, other._squares)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, float]:
        return {"mean": self._mean, "std": math.sqrt(self._squares / self.count)}

    def _add(self, count: int, mean: float, squares: float) -> None:
        if not count:
            return
        total = self.count + count
        gap = mean - self._mean
        self._squares += squares + gap * gap * self.count * count / total
        self._mean += gap * count / total
        self.count = total
