"""Logarithms of our own: those of NumPy and of C libraries differ in the last bit from processor to processor."""

from collections.abc import Sequence
from functools import cache
from math import frexp, ldexp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.mapped import Floats, Operation

_BLOCK = 1 << 14  # what is kept of a block meanwhile, 32 bytes a value, stays in the second-level cache
_NORMAL, _LIFT = np.float32(2.0**-126), np.float32(2.0**23)
_ROOT_HALF, _MANTISSA = np.int32(0x3F3504F3), np.int32(23)  # the bits of sqrt(1/2), and how many are behind the point
_TERMS = 5  # of the series: the first that is left out is below 1e-9 of the sum


def logarithm(base: float, *, times: float = 1, plus: Any = 0, over: Any = 1, floor: float = -np.inf) -> Operation:
    """The operation of a formula that takes the logarithm: max(times log((x + plus) / over), floor).

    Of (x + plus) / over as float32 gives it, to within half of the last place and 2e-7 of times log(10); infinity and
    NaN stay what they are.

    Parameters
    ----------
    base, times : float
    plus, over : float, or arrays that broadcast over the image
    floor : float
        The least result, and that of 0 and of what is below it.
    """
    return "logarithm", plus, over, floor, *_terms(base, times)


@cache
def _terms(base: float, times: float) -> tuple[float, ...]:
    """The logarithm of 2 in two parts, and the factors of log((1 + s) / (1 - s)) = 2s + 2/3 s^3 + 2/5 s^5 + ...

    The first part has 15 bits, so that its product with an exponent is exact.
    """
    unit = times / log(base)
    two, power = unit * log(2), frexp(unit * log(2))[1] - 15
    high = ldexp(round(ldexp(two, -power)), power)
    return high, two - high, *(2 * unit / (2 * k + 1) for k in range(_TERMS))


def take_logarithm(part: Floats, numbers: Floats) -> None:
    """Make (n,) float32 their logarithms.

    Parameters
    ----------
    numbers : (10,) float32 ndarray
        Those of an operation `logarithm`.

    Notes
    -----
    A number is 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), both read from its bits, and 1 + f is
    (1 + s) / (1 - s) with s = f / (2 + f).
    """
    plus, over, floor, *terms = numbers
    for start in range(0, part.size, _BLOCK):
        level = part[start : start + _BLOCK]
        ratio = level + plus
        ratio /= over
        _finite_logarithm(ratio, level, terms)
        _replace(level, ~(ratio < np.inf), ratio)
        _replace(level, (ratio <= 0) | (level < floor), floor)


def _finite_logarithm(ratio: Floats, level: Floats, terms: Sequence[np.float32]) -> None:
    """Write to `level` the logarithm of positive finite numbers; anything for others."""
    small = ratio < _NORMAL
    some_small = bool(small.any())
    fraction = np.where(small, ratio * _LIFT, ratio) if some_small else ratio.copy()
    bits = fraction.view(np.int32)
    exponent = bits - _ROOT_HALF
    exponent >>= _MANTISSA
    bits -= exponent << _MANTISSA
    if some_small:
        exponent -= small * _MANTISSA
    fraction -= 1
    s = fraction / (fraction + 2)
    square = s * s
    level[:] = terms[-1]
    for term in terms[-2:1:-1]:
        level *= square
        level += term
    level *= s
    power = exponent.astype(np.float32)
    level += power * terms[1]
    power *= terms[0]
    level += power


def _replace(level: Floats, where: NDArray[np.bool_], by: Floats | np.float32) -> None:
    if where.any():
        np.copyto(level, by, where=where)
