"""Sums of images, pixel by pixel, that no order and no grouping can move."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.digits import exponent, on_grids
from prep_core.measure.double_double import Floats, Pair, plus

Integers = NDArray[np.int64]

_STEP = 32  # bits between two levels


class ExactImages:
    """The sum of each of some pixels, exact, as whole numbers on a fixed ladder of grids.

    Parameters
    ----------
    pixels : int

    Notes
    -----
    A level holds the multiples of 2^(32 k), for whole k, and takes 8 bytes a pixel; it is there once a value needs it.
    Room for 2^30 images.
    """

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self._levels: dict[int, Integers] = {}

    def add(self, place: slice, values: Floats) -> None:
        """Add `values` to the pixels at `place`, and use them up.

        Raises
        ------
        ValueError
            For a value that is not finite.
        """
        top = int(exponent(values).item())
        for unit, digit in on_grids(values, (top - 1) // _STEP * _STEP, _STEP):
            self._level(unit)[place] += (digit * 2.0**-unit).astype(np.int64)

    def merge(self, other: Self) -> None:
        for unit, integers in other._levels.items():
            self._level(unit)[:] += integers

    def total(self, place: slice) -> Pair:
        """The sums at `place`, each as two float64: all of its bits where it has up to 106."""
        high = low = np.zeros(self._pixels)[place]
        for unit, digits in reversed(self._carried(place)):
            high, low = plus((high, low), digits.astype(np.float64) * 2.0**unit)
        return high, low

    def _level(self, unit: int) -> Integers:
        if unit not in self._levels:
            self._levels[unit] = np.zeros(self._pixels, np.int64)
        return self._levels[unit]

    def _carried(self, place: slice) -> list[tuple[int, Integers]]:
        """From the lowest grid up, digits from -2^31 to 2^31, which the sum alone decides; the last may be larger."""
        if not self._levels:
            return []
        carry = np.zeros(self._pixels, np.int64)[place]
        digits = []
        for unit in range(min(self._levels), max(self._levels) + _STEP, _STEP):
            total = carry + self._levels[unit][place] if unit in self._levels else carry
            carry = (total + (1 << _STEP - 1)) >> _STEP
            digits.append((unit, total - (carry << _STEP)))
        return [*digits, (unit + _STEP, carry)]
