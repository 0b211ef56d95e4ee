"""Bent curves of our own: the exponentials and powers of NumPy differ in the last bit from processor to processor."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.mapped import Floats, mapped
from prep_core.kernels.switch import kernel

Doubles = NDArray[np.float64]

_BLOCK = 1 << 13  # what is kept of a block meanwhile, 64 bytes a value, stays in the second-level cache
_LN2, _LOG2_E = 0.6931471805599453, 1.4426950408889634
_WHOLE = 1.5 * 2**52  # added to a float64, it leaves the nearest whole number in the last bits
_WHOLE_BITS, _ONE_BITS, _ROOT_HALF = 0x4338 << 48, 1023, 0x3FE6A09E667F3BCD
_LIMIT = 700.0  # where 2^k still is a normal float64, and a float32 long is 0 or infinite
_EXPONENTIAL = (1 / 362880, 1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0)
_LOGARITHM = (2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2.0)


def sigmoid(image: NDArray[Any], center: float, width: float) -> Floats:
    """1 / (1 + exp(-4 (x - center) / width)), the exponent limited to +-80, of (...) as (...) float32.

    The exponent is that of float32, and the rest is rounded once; NaN stays.
    """
    return mapped(image, (center, width), sigmoids)


def power(image: NDArray[Any], exponent: float) -> Floats:
    """x ** exponent, for an exponent above 0, of (...) as (...) float32, rounded once; NaN below 0."""
    return mapped(image, (exponent,), powers)


def inverse_sinh(image: NDArray[Any], over: float) -> Floats:
    """asinh(x / over) of (...) as (...) float32; the quotient is that of float32, and the rest is rounded once."""
    return mapped(image, (over,), inverse_sinhs)


@kernel
def sigmoids(values: Floats, out: Floats, numbers: Floats) -> None:
    """`sigmoid` of (n,) float32; `numbers` are center and width."""
    center, width = numbers

    def of(given: Floats) -> Doubles:
        exponent = np.clip((given - center) * np.float32(-4) / width, -80, 80).astype(np.float64)
        return np.where(exponent == exponent, 1 / (1 + _exponential(exponent)), exponent)

    _by_block(values, out, of)


@kernel
def powers(values: Floats, out: Floats, numbers: Floats) -> None:
    """`power` of (n,) float32; `numbers` is the exponent."""
    exponent = np.float64(numbers[0])

    def of(given: Floats) -> Floats:
        found = _exponential(np.clip(exponent * _logarithm(given.astype(np.float64)), -_LIMIT, _LIMIT))
        found = np.where(given > 0, found, np.where(given < 0, np.nan, 0.0))
        return np.where(given < np.inf, found.astype(np.float32), given)

    _by_block(values, out, of)


@kernel
def inverse_sinhs(values: Floats, out: Floats, numbers: Floats) -> None:
    """`inverse_sinh` of (n,) float32; `numbers` is what they are divided by."""
    (over,) = numbers

    def of(given: Floats) -> Doubles:
        ratio = (given / over).astype(np.float64)
        size = np.abs(ratio)
        square = size * size
        # log(1 + beyond) without the sum, which would lose what is small beside 1.
        beyond = size + square / (np.sqrt(square + 1) + 1)
        found = np.where(beyond < 0.25, _series(beyond), _logarithm(beyond + 1))
        signed: Doubles = np.where(size < np.inf, np.copysign(found, ratio), ratio)
        return signed

    _by_block(values, out, of)


def _by_block(values: Floats, out: Floats, work: Callable[[Floats], NDArray[Any]]) -> None:
    with np.errstate(all="ignore"):
        for start in range(0, values.size, _BLOCK):
            out[start : start + _BLOCK] = work(values[start : start + _BLOCK])


def _exponential(given: Doubles) -> Doubles:
    """exp of numbers within the limit: 2^k exp(r) with r between -ln(2) / 2 and ln(2) / 2."""
    whole = given * _LOG2_E + _WHOLE
    rest = given - (whole - _WHOLE) * _LN2
    scale = ((whole.view(np.int64) - (_WHOLE_BITS - _ONE_BITS)) << 52).view(np.float64)
    return _horner(_EXPONENTIAL, rest) * scale


def _logarithm(given: Doubles) -> Doubles:
    """log of positive finite numbers: 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2)."""
    bits = given.view(np.int64)
    exponent = (bits - _ROOT_HALF) >> 52
    fraction = (bits - (exponent << 52)).view(np.float64) - 1
    return exponent * _LN2 + _series(fraction)


def _series(fraction: Doubles) -> Doubles:
    """log(1 + f) = 2s + 2/3 s^3 + ... with s = f / (2 + f)."""
    s = fraction / (fraction + 2)
    return _horner(_LOGARITHM, s * s) * s


def _horner(factors: tuple[float, ...], given: Doubles) -> Doubles:
    total = np.full_like(given, factors[0])
    for factor in factors[1:]:
        total *= given
        total += factor
    return total
