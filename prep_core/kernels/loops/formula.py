"""Loops of `prep_core.kernels.formula`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, UINT8, VOID, helper, loop, reads, writes

_BLOCK = 4096
_MINUS, _OVER, _TIMES, _PLUS, _CLIP, _ROUND, _SQRT = (ord(name) for name in "-/*+crs")


@helper
def operate(part: Any, code: Any, first: Any, second: Any) -> None:
    """One operation on a whole block, so that what to do is asked once and not for every value."""
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


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(UINT8), reads(FLOAT32, 2))
def formula(values: Any, out: Any, codes: Any, numbers: Any) -> None:
    for start in range(0, values.size, _BLOCK):
        part, given = out[start : start + _BLOCK], values[start : start + _BLOCK]
        for i in range(part.size):
            part[i] = given[i]
        for k in range(codes.size):
            operate(part, codes[k], numbers[k, 0], numbers[k, 1])
