"""Loops of `prep_core.kernels.choosing`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import BOOL, UINT8, UINT16, UINT32, VOID, helper, loop, reads, writes

_BLOCK = 1 << 12


@loop(VOID, reads(UINT8), reads(BOOL), writes(UINT8))
def chosen_of_8(values: Any, mask: Any, out: Any) -> None:
    _chosen(values, mask, out)


@loop(VOID, reads(UINT16), reads(BOOL), writes(UINT16))
def chosen_of_16(values: Any, mask: Any, out: Any) -> None:
    _chosen(values, mask, out)


@loop(VOID, reads(UINT32), reads(BOOL), writes(UINT32))
def chosen_of_32(values: Any, mask: Any, out: Any) -> None:
    _chosen(values, mask, out)


@helper
def _chosen(values: Any, mask: Any, out: Any) -> None:
    """Without a branch, which the processor could not foresee: each is written, and the next over it if not chosen.

    Not into `out`, where the last may have no room, and where another thread writes behind it.
    """
    found = np.empty(_BLOCK + 1, values.dtype)
    end: Any = 0
    for start in range(0, values.size, _BLOCK):
        stop = min(start + _BLOCK, values.size)
        block, where = values[start:stop], mask[start:stop]
        count = np.uint64(0)
        for i in range(block.size):
            found[count] = block[i]
            count += np.uint64(where[i])
        out[end : end + count] = found[:count]
        end = end + np.int64(count)
