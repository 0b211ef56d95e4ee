"""The sum of values that come many times, and of their squares, without any rounding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.digits import SCALE, refuse_infinite

Counts = NDArray[np.int64]

_MOST = 1 << 16  # values at once: the sums of their products with digits have 60 bits
_MANTISSA = 24
_DIGIT = 20  # bits of a count that are taken at once


def counted_totals(values: NDArray[Any], counts: Counts) -> tuple[int, int]:
    """The sum of (n,) real numbers, as float32 holds them, in units of 2^-149, and of their squares, of 2^-298.

    Parameters
    ----------
    counts : (n,) int64
        How often each comes.

    Raises
    ------
    ValueError
        For a value that is not finite as float32.
    """
    with np.errstate(over="ignore"):
        wide = values.astype(np.float32).astype(np.float64)
    refuse_infinite(bool(np.isfinite(wide).all()))
    fractions, exponents = np.frexp(wide)
    mantissas = (fractions * 2.0**_MANTISSA).astype(np.int64)
    sums = squares = 0
    for exponent in np.unique(exponents).tolist():
        own = exponents == exponent
        total, squared = _totals(mantissas[own], counts[own])
        # Of the smallest float32 the mantissa has zeros below 2^-149: they are taken off in the end.
        sums += total << exponent + SCALE
        squares += squared << 2 * (exponent + SCALE)
    return sums >> _MANTISSA, squares >> 2 * _MANTISSA


def _totals(mantissas: Counts, counts: Counts) -> tuple[int, int]:
    """Sums of the products of counts with integers of up to 24 bits, and with their squares."""
    total = squares = 0
    for start in range(0, counts.size, _MOST):
        one, left = mantissas[start : start + _MOST], counts[start : start + _MOST]
        upper, lower = one * one >> _MANTISSA, one * one & (1 << _MANTISSA) - 1
        place = 0
        while left.any():
            digit = left & (1 << _DIGIT) - 1
            total += int(one @ digit) << place
            squares += (int(upper @ digit) << _MANTISSA) + int(lower @ digit) << place
            left, place = left >> _DIGIT, place + _DIGIT
    return total, squares
