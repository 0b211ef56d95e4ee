"""Loops of `prep_core.kernels.finite`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import BOOL, FLOAT32, loop, reads

_BLOCK = 4096
_EXPONENT = np.uint32(0x7F800000)


@loop(BOOL, reads(FLOAT32))
def all_finite(values: Any) -> bool:
    bits = values.view(np.uint32)
    for start in range(0, bits.size, _BLOCK):
        largest = np.uint32(0)
        for i in range(start, min(start + _BLOCK, bits.size)):
            largest = max(largest, bits[i] & _EXPONENT)
        if largest == _EXPONENT:
            return False
    return True
