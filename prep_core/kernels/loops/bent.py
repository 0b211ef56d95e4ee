"""Loops of `prep_core.kernels.bent`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, VOID, helper, loop, reads, writes

_ZERO, _INFINITE, _FOUR, _LEAST, _MOST = (np.float32(number) for number in (0, np.inf, -4, -80, 80))
_LN2, _LOG2_E, _WHOLE, _LIMIT = 0.6931471805599453, 1.4426950408889634, 1.5 * 2**52, 700.0
_BEHIND, _ROOT_HALF, _MANTISSA = np.int64((0x4338 << 48) - 1023), np.int64(0x3FE6A09E667F3BCD), np.int64(52)
_E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9 = 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320, 1 / 362880
_L0, _L1, _L2, _L3, _L4, _L5, _L6 = 2.0, 2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13


@helper
def exponential(given: Any) -> Any:
    whole = given * _LOG2_E + _WHOLE
    r = given - (whole - _WHOLE) * _LN2
    scale = np.int64((np.float64(whole).view(np.int64) - _BEHIND) << _MANTISSA).view(np.float64)
    small = (((_E9 * r + _E8) * r + _E7) * r + _E6) * r + _E5
    return (((((small * r + _E4) * r + _E3) * r + _E2) * r + 1.0) * r + 1.0) * scale


@helper
def series(fraction: Any) -> Any:
    s = fraction / (fraction + 2.0)
    q = s * s
    return ((((((_L6 * q + _L5) * q + _L4) * q + _L3) * q + _L2) * q + _L1) * q + _L0) * s


@helper
def logarithm(given: Any) -> Any:
    bits = np.float64(given).view(np.int64)
    exponent = (bits - _ROOT_HALF) >> _MANTISSA
    fraction = np.int64(bits - (exponent << _MANTISSA)).view(np.float64) - 1.0
    return np.float64(exponent) * _LN2 + series(fraction)


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT32))
def sigmoids(values: Any, out: Any, numbers: Any) -> None:
    center, width = numbers[0], numbers[1]
    for i in range(values.size):
        exponent = (values[i] - center) * _FOUR / width
        exponent = _LEAST if exponent < _LEAST else exponent
        exponent = _MOST if exponent > _MOST else exponent
        found = np.float32(1.0 / (1.0 + exponential(np.float64(exponent))))
        out[i] = found if exponent == exponent else exponent


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT32))
def powers(values: Any, out: Any, numbers: Any) -> None:
    exponent = np.float64(numbers[0])
    for i in range(values.size):
        given = values[i]
        found = exponent * logarithm(np.float64(given))
        found = -_LIMIT if found < -_LIMIT else found
        found = exponential(_LIMIT if found > _LIMIT else found)
        found = found if given > _ZERO else 0.0
        found = np.nan if given < _ZERO else found
        out[i] = np.float32(found) if given < _INFINITE else given


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT32))
def inverse_sinhs(values: Any, out: Any, numbers: Any) -> None:
    over = numbers[0]
    for i in range(values.size):
        ratio = values[i] / over
        size = abs(np.float64(ratio))
        square = size * size
        beyond = size + square / (np.sqrt(square + 1.0) + 1.0)
        found = series(beyond) if beyond < 0.25 else logarithm(beyond + 1.0)
        out[i] = np.float32(np.copysign(found, np.float64(ratio))) if size < np.inf else ratio
