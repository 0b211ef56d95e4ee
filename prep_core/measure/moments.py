"""Mean and standard deviation, exact to the last bit."""

import math
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.exact_sum import ExactSums


class Moments:
    """`mean` and `std` (ddof 0) of all voxels taken.

    The sums are exact, so neither order nor grouping can move a bit: the mean is the true one, correctly rounded to
    float64, and the std is the root of the true variance, correctly rounded.  Voxels are measured as float32, in which
    steps compute.
    """

    names = ("mean", "std")

    def __init__(self) -> None:
        self.count = 0
        self._sums = ExactSums(1)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size
        self._sums.add(values.reshape(1, -1), weight)

    def update_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        self.count += int(counts.sum())
        self._sums.add_counted(values, counts)

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._sums.merge(other._sums)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, float]:
        return {"mean": self._sums.mean()[0], "std": math.sqrt(self._sums.covariance()[0][0])}
