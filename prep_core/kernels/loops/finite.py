"""Loops of `prep_core.kernels.finite`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import BOOL, FLOAT32, loop, reads

_BLOCK = 4096
_EXPONENT = np.uint32(0x7F800000)


@loop(BOOL, reads(FLOAT32))
def all_finite(values: Any) -> bool:
    for start in range(0, values.size, _BLOCK):
        bits = values[start : start + _BLOCK].view(np.uint32)
        largest = np.uint32(0)
        for i in range(bits.size):
            largest = max(largest, np.uint32(bits[i] & _EXPONENT))
        if largest == _EXPONENT:
            return False
    return True
