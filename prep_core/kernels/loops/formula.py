"""Loops of `prep_core.kernels.formula`.

What to do is asked once for a block and not for every value.  Numbers of 32 bits stay so: Numba makes 64 of whatever is
calculated with them, and a processor has room for half as many of those.
"""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import BOOL, FLOAT32, INT64, UINT8, UINT16, helper, loop, reads, writes

_BLOCK = 4096
_MINUS, _OVER, _TIMES, _PLUS, _CLIP, _ROUND, _SQRT, _LOGARITHM, _FINITE = (ord(name) for name in "-/*+crslf")
_ZERO, _ONE, _TWO, _INFINITE = (np.float32(number) for number in (0, 1, 2, np.inf))
_NORMAL, _LIFT = np.float32(2.0**-126), np.float32(2.0**23)
_ROOT_HALF, _MANTISSA, _NONE, _EXPONENT = np.int32(0x3F3504F3), np.int32(23), np.int32(0), np.int32(0x7F800000)


@loop(BOOL, reads(FLOAT32), writes(FLOAT32), reads(UINT8), reads(FLOAT32, 2))
def formula(values: Any, out: Any, codes: Any, numbers: Any) -> Any:
    finite = True
    for start in range(0, values.size, _BLOCK):
        part, given = out[start : start + _BLOCK], values[start : start + _BLOCK]
        for i in range(part.size):
            part[i] = given[i]
        finite &= _carried_out(part, codes, numbers)
    return finite


@loop(BOOL, reads(UINT8), INT64, writes(FLOAT32), reads(UINT8), reads(FLOAT32, 2))
def formula_of_bytes(values: Any, sign: Any, out: Any, codes: Any, numbers: Any) -> Any:
    return _of_integers(values, sign, out, codes, numbers)


@loop(BOOL, reads(UINT16), INT64, writes(FLOAT32), reads(UINT8), reads(FLOAT32, 2))
def formula_of_codes(values: Any, sign: Any, out: Any, codes: Any, numbers: Any) -> Any:
    return _of_integers(values, sign, out, codes, numbers)


@helper
def _of_integers(values: Any, sign: Any, out: Any, codes: Any, numbers: Any) -> Any:
    finite, own_sign = True, np.int32(sign)
    for start in range(0, values.size, _BLOCK):
        part, given = out[start : start + _BLOCK], values[start : start + _BLOCK]
        for i in range(part.size):
            part[i] = np.float32(np.int32(np.int32(np.int32(given[i]) ^ own_sign) - own_sign))
        finite &= _carried_out(part, codes, numbers)
    return finite


@helper
def _carried_out(part: Any, codes: Any, numbers: Any) -> Any:
    """All operations on a block; whether it was finite where that is asked."""
    finite = True
    for k in range(codes.size):
        if codes[k] == _FINITE:
            finite &= _is_finite(part)
        elif codes[k] == _LOGARITHM:
            _take_logarithm(part, numbers[k])
        else:
            _operate(part, codes[k], numbers[k, 0], numbers[k, 1])
    return finite


@helper
def _operate(part: Any, code: Any, first: Any, second: Any) -> None:
    if code == _MINUS:
        for i in range(part.size):
            part[i] = part[i] - first
    elif code == _OVER:
        for i in range(part.size):
            part[i] = part[i] / first
    elif code == _TIMES:
        for i in range(part.size):
            part[i] = part[i] * first
    elif code == _PLUS:
        for i in range(part.size):
            part[i] = part[i] + first
    elif code == _CLIP:
        for i in range(part.size):
            raised = first if part[i] < first else part[i]
            part[i] = second if raised > second else raised
    elif code == _ROUND:
        for i in range(part.size):
            part[i] = np.rint(part[i])
    elif code == _SQRT:
        for i in range(part.size):
            part[i] = np.sqrt(part[i])


@helper
def _is_finite(part: Any) -> Any:
    bits, largest = part.view(np.int32), _NONE
    for i in range(bits.size):
        largest = max(largest, np.int32(bits[i] & _EXPONENT))
    return largest != _EXPONENT


@helper
def _take_logarithm(part: Any, numbers: Any) -> None:
    plus, over, floor, high, low = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    t0, t1, t2, t3, t4 = numbers[5], numbers[6], numbers[7], numbers[8], numbers[9]
    for i in range(part.size):
        ratio = (part[i] + plus) / over
        small = ratio < _NORMAL
        bits = np.float32(ratio * _LIFT if small else ratio).view(np.int32)
        exponent = np.int32(np.int32(bits - _ROOT_HALF) >> _MANTISSA)
        fraction = np.int32(bits - np.int32(exponent << _MANTISSA)).view(np.float32) - _ONE
        s = fraction / (fraction + _TWO)
        q = s * s
        power = np.float32(np.int32(exponent - (_MANTISSA if small else _NONE)))
        level = power * high + (power * low + ((((t4 * q + t3) * q + t2) * q + t1) * q + t0) * s)
        level = level if ratio < _INFINITE else ratio
        level = floor if ratio <= _ZERO else level
        part[i] = floor if level < floor else level
