"""Sums that no order and no grouping can move: exact, as whole numbers of the smallest float32.

Values are taken apart into digits on binary grids, each so coarse that float64 adds a block of them, and of their
products, without rounding.  Adding and subtracting 1.5 * 2^(52 + unit) rounds a float64 to whole 2^unit.
"""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[Any]

SCALE = 149
"""Sums are whole numbers of 2^-149, the smallest float32; sums of products, of its square."""

_BLOCK = 1 << 15  # of all channels together; 256 kB stay in the cache
_BITS = 19  # of a digit: the sum of _BLOCK products of two has 53 bits
# OpenBLAS gives a dot product of up to 10,000 to one thread; several wait for each other longer than they compute, and
# ever so long where other processes have the processors.
_PIECE = 1 << 13
_as_integers = np.frompyfunc(int, 1, 1)


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
        size = max(_BLOCK // len(self.sums), _PIECE)
        for start in range(0, values.shape[1], size):
            self._add_block(_pieces(wide(values[:, start : start + size])), weight)

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

    def _add_block(self, block: Floats, weight: int) -> None:
        digits: list[Floats] = []
        for _, digit in on_grids(block, exponent(block, axis=(1, 2)) - _BITS, _BITS + 1):
            self.sums = self.sums + weight * _whole(digit.sum(axis=(1, 2)), SCALE)
            for other in digits:
                mixed = _dots(digit, other)
                self.products = self.products + weight * (mixed + mixed.T)
            self.products = self.products + weight * _dots(digit, digit)
            digits.append(digit)


def wide(values: NDArray[Any]) -> Floats:
    """`values`, as float32 holds them, in a float64 array of their own."""
    with np.errstate(over="ignore"):  # infinity is refused where it matters
        return values.astype(np.float32).astype(np.float64)


def exponent(values: Floats, axis: tuple[int, ...] | None = None) -> Any:
    """The smallest whole e for which no absolute value along `axis` reaches 2^e.

    Raises
    ------
    ValueError
        For a value that is not finite.
    """
    largest = np.maximum(values.max(axis, keepdims=True), -values.min(axis, keepdims=True))
    if not np.isfinite(largest).all():
        raise ValueError("has values beyond float32 (3.4e38), which cannot be added up; put a rescale above it")
    return np.frexp(largest)[1]


def on_grids(values: Floats, unit: Any, step: int) -> Iterator[tuple[Any, Floats]]:
    """Digits that add up to `values`, each a multiple of 2^unit and the next on a grid finer by 2^step; uses them up.

    Parameters
    ----------
    unit : int, or array of int that broadcasts
        No value may reach 2^(unit + 51).
    """
    while values.any():
        magic = np.ldexp(1.5, 52 + unit)
        digit = values + magic
        digit -= magic
        values -= digit
        yield unit, digit
        unit = unit - step


def _pieces(block: Floats) -> Floats:
    """(channels, voxels) as (channels, pieces, voxels of a piece); zeros, which add nothing, fill up the last."""
    channels, voxels = block.shape
    piece = min(voxels, _PIECE)
    missing = -voxels % piece
    filled = np.pad(block, ((0, 0), (0, missing))) if missing else block
    return filled.reshape(channels, -1, piece)


def _dots(one: Floats, other: Floats) -> Integers:
    """Sums of the products of each channel with each."""
    return _whole(np.vecdot(one[:, None], other[None]).sum(axis=2), 2 * SCALE)


def _whole(values: Floats, scale: int) -> Integers:
    """Multiples of 2^-scale as integers."""
    return np.asarray(_as_integers(np.ldexp(values, scale)), object)
