"""Sums that no order and no grouping can move: exact, as whole numbers of the smallest float32."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.digits import BLOCK, PIECE, SCALE, Floats, Integers, block_sums
from prep_core.kernels.sums import exact_totals
from prep_core.measure.counted_sum import counted_totals


class ExactSums:
    """Sums of the values of some channels, and of their products two by two.

    Attributes
    ----------
    weight : how many values of each channel there are, each as often as it weighs
    sums : (channels,) of int, in units of 2^-149
    products : (channels, channels) of int, in units of 2^-298

    Notes
    -----
    Values are taken as float32, in which steps compute.
    """

    def __init__(self, channels: int) -> None:
        self.weight = 0
        self.sums: Integers = np.zeros(channels, object)
        self.products: Integers = np.zeros((channels, channels), object)

    def add(self, values: NDArray[Any], weight: int = 1) -> None:
        """Take `values`, (channels, voxels), each as often as `weight` says.

        Raises
        ------
        ValueError
            For a value that is not finite as float32.
        """
        self.weight += weight * values.shape[1]
        if len(self.sums) == 1:
            self._add(exact_totals(values[0]), weight)
            return
        size = max(BLOCK // len(self.sums), PIECE)
        for start in range(0, values.shape[1], size):
            self._add(block_sums(wide(values[:, start : start + size])), weight)

    def add_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Take (voxels,) `values` of the only channel, each as often as (voxels,) `counts` says.

        Raises
        ------
        ValueError
            For a value that is not finite as float32.
        """
        self.weight += int(counts.sum())
        self._add(counted_totals(values, counts), 1)

    def merge(self, other: Self) -> None:
        self.weight += other.weight
        self.sums = self.sums + other.sums
        self.products = self.products + other.products

    def mean(self) -> list[float]:
        """Of each channel, correctly rounded."""
        return [total / (self.weight << SCALE) for total in self.sums]

    def spreads(self) -> Integers:
        """(channels, channels) of int, each weight^2 2^298 times a covariance (ddof 0)."""
        squared: Integers = np.multiply.outer(self.sums, self.sums)
        return self.weight * self.products - squared

    def covariance(self) -> list[list[float]]:
        """Of the channels two by two (ddof 0), correctly rounded."""
        unit = self.weight**2 << 2 * SCALE
        return [[spread / unit for spread in row] for row in self.spreads()]

    def _add(self, found: tuple[Any, Any], weight: int) -> None:
        sums, products = found
        self.sums = self.sums + weight * sums
        self.products = self.products + weight * products


def wide(values: NDArray[Any]) -> Floats:
    """`values`, as float32 holds them, in a float64 array of their own."""
    with np.errstate(over="ignore"):  # infinity is refused where it matters
        return values.astype(np.float32).astype(np.float64)
