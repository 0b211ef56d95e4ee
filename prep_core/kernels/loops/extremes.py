"""Loops of `prep_core.kernels.extremes`.

Floats are compared as whole numbers of the same order, NaN beyond the infinities: that takes no look at NaN meanwhile.
"""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, helper, loop, reads, writes

_MAGNITUDE = np.int32(0x7FFFFFFF)
_SIGN = np.int32(31)
_HIGHEST = np.int32(0x7F800000)
_LOWEST = np.int32(~0x7F800000)


@loop(writes(FLOAT32), reads(FLOAT32))
def float_ends(values: Any) -> Any:
    bits = values.view(np.int32)
    ends = np.array([_HIGHEST, _LOWEST])
    low, high = _HIGHEST, _LOWEST
    for i in range(bits.size):
        key = _key(bits[i])
        low, high = min(low, key), max(high, key)
    if low < _LOWEST or high > _HIGHEST:
        return np.full(2, np.float32(np.nan))
    ends[0], ends[1] = _key(low), _key(high)
    return ends.view(np.float32) + np.float32(0)


@helper
def _key(bits: Any) -> Any:
    """Its own inverse."""
    return np.int32(bits ^ (bits >> _SIGN & _MAGNITUDE))
