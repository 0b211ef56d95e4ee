"""Loops of `prep_core.kernels.table`."""

from typing import Any

from prep_core.kernels.loops.declared import FLOAT32, UINT16, VOID, loop, reads, writes


@loop(VOID, reads(UINT16), reads(FLOAT32), writes(FLOAT32))
def look_up(codes: Any, table: Any, out: Any) -> None:
    for i in range(codes.size):
        out[i] = table[codes[i]]
