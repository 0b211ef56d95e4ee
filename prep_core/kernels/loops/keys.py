"""Loops of `prep_core.kernels.keys`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import INT64, UINT16, UINT32, helper, loop, reads, writes

_SIGN = np.uint32(1 << 31)
_NO_ROW = np.uint16((1 << 16) - 1)
_UPPERS = 1 << 16


@loop(writes(INT64, 2), reads(UINT32), reads(UINT16), reads(UINT16), INT64)
def by_key_byte(bits: Any, rows: Any, next_rows: Any, tables: Any) -> Any:
    counts = np.zeros((tables, 256), np.int64)
    for i in range(bits.size):
        key = _key(bits[i])
        row, byte = rows[key >> np.uint32(16)], key >> np.uint32(8) & np.uint32(0xFF)
        if next_rows.size and row != _NO_ROW:
            row, byte = next_rows[(np.uint32(row) << np.uint32(8)) + byte], key & np.uint32(0xFF)
        if row != _NO_ROW:
            counts[row, byte] += 1
    return counts


@loop(writes(INT64), reads(UINT32), reads(UINT32))
def by_threshold(bits: Any, thresholds: Any) -> Any:
    counts = np.zeros(thresholds.size + 1, np.int64)
    starts = _starts(thresholds)
    for i in range(bits.size):
        key = _key(bits[i])
        upper = key >> np.uint32(16)
        low, high = np.uint32(starts[upper]), np.uint32(starts[upper + np.uint32(1)])
        while low < high:
            middle = (low + high) >> np.uint32(1)
            if thresholds[middle] <= key:
                low = middle + np.uint32(1)
            else:
                high = middle
        counts[low] += 1
    return counts


@helper
def _key(bits: Any) -> Any:
    return ~bits if bits & _SIGN else bits | _SIGN


@helper
def _starts(thresholds: Any) -> Any:
    """How many thresholds lie below each upper half of a key, so that only those within it are looked at."""
    starts = np.empty(_UPPERS + 1, np.uint32)
    count = 0
    for upper in range(_UPPERS + 1):
        while count < thresholds.size and np.int64(thresholds[count]) < upper << 16:
            count += 1
        starts[upper] = count
    return starts
