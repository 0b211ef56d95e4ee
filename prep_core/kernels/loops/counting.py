"""Loops of `prep_core.kernels.counting`.

A count that is raised again before it is written stalls the processor, and images have runs of one value: so
neighbours are counted in lanes of their own.
"""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import INT64, UINT8, UINT16, UINT32, helper, loop, reads, writes

_HALF = 1 << 16
_SHIFT = np.uint32(16)
_LOWER = np.uint32(0xFFFF)
_ONE = np.uint32(1)
_BLOCK = 1 << 12
_FULL = 1 << 31
_FEW = 1 << 15


@loop(writes(INT64), reads(UINT8))
def by_byte(codes: Any) -> Any:
    counts = np.zeros(1 << 8, np.int64)
    _into_lanes(codes, np.uint32(0), counts)
    return counts


@loop(writes(INT64), reads(UINT16))
def by_code(codes: Any) -> Any:
    counts = np.zeros(_HALF, np.int64)
    _into_lanes(codes, np.uint32(0), counts)
    return counts


@loop(writes(INT64), reads(UINT32))
def by_upper(bits: Any) -> Any:
    counts = np.zeros(_HALF, np.int64)
    _into_lanes(bits, _SHIFT, counts)
    return counts


@helper
def _into_lanes(codes: Any, shift: Any, counts: Any) -> None:
    if codes.size < _FEW:
        for code in codes:
            counts[code >> shift] += 1
        return
    for start in range(0, codes.size, _FULL):
        block = codes[start : start + _FULL]
        lanes = np.zeros((4, counts.size), np.uint32)
        whole = block.size - block.size % 4
        for i in range(0, whole, 4):
            lanes[0, block[i] >> shift] += _ONE
            lanes[1, block[i + 1] >> shift] += _ONE
            lanes[2, block[i + 2] >> shift] += _ONE
            lanes[3, block[i + 3] >> shift] += _ONE
        for i in range(whole, block.size):
            lanes[0, block[i] >> shift] += _ONE
        for lane in lanes:
            for code in range(counts.size):
                counts[code] += lane[code]


@loop(writes(UINT32, 2), reads(UINT32), reads(UINT16), INT64)
def by_lower(bits: Any, rows: Any, tables: Any) -> Any:
    counts = np.zeros((tables, _HALF), np.uint32)
    wanted = np.empty(_HALF, np.uint8)
    for upper in range(_HALF):
        wanted[upper] = rows[upper] < tables
    found = np.empty(_BLOCK + 1, np.uint32)
    for start in range(0, bits.size, _BLOCK):
        count = _found(bits[start : start + _BLOCK], wanted, found)
        for i in range(count):
            counts[rows[found[i] >> _SHIFT], found[i] & _LOWER] += _ONE
    return counts


@helper
def _found(bits: Any, wanted: Any, found: Any) -> Any:
    """Without a branch, which the processor could not foresee: each is written, and the next over it if not wanted."""
    count = np.uint64(0)
    for i in range(bits.size):
        found[count] = bits[i]
        count += np.uint64(wanted[bits[i] >> _SHIFT])
    return count
