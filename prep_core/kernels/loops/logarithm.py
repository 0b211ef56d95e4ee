"""Loops of `prep_core.kernels.logarithm`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, VOID, loop, reads, writes

_ZERO, _ONE, _TWO, _INFINITE = (np.float32(number) for number in (0, 1, 2, np.inf))
_NORMAL, _LIFT = np.float32(2.0**-126), np.float32(2.0**23)
_ROOT_HALF, _MANTISSA, _NONE = np.int32(0x3F3504F3), np.int32(23), np.int32(0)


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT32), reads(FLOAT32))
def logarithms(values: Any, out: Any, numbers: Any, terms: Any) -> None:
    plus, over, floor = numbers[0], numbers[1], numbers[2]
    high, low, t0, t1, t2, t3, t4 = terms[0], terms[1], terms[2], terms[3], terms[4], terms[5], terms[6]
    for i in range(values.size):
        ratio = (values[i] + plus) / over
        small = ratio < _NORMAL
        bits = np.float32(ratio * _LIFT if small else ratio).view(np.int32)
        exponent = (bits - _ROOT_HALF) >> _MANTISSA
        fraction = np.int32(bits - (exponent << _MANTISSA)).view(np.float32) - _ONE
        s = fraction / (fraction + _TWO)
        q = s * s
        power = np.float32(exponent - (_MANTISSA if small else _NONE))
        level = power * high + (power * low + ((((t4 * q + t3) * q + t2) * q + t1) * q + t0) * s)
        level = level if ratio < _INFINITE else ratio
        level = floor if ratio <= _ZERO else level
        out[i] = floor if level < floor else level
