"""The smallest and the largest value, in one pass."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.parts import in_parts
from prep_core.kernels.pieces import each_piece
from prep_core.kernels.switch import kernel

_BLOCK = 1 << 17  # stays in the second-level cache between the two looks that NumPy takes


def ends_of(values: NDArray[Any]) -> tuple[float, float]:
    """The smallest and the largest of (n,) real `values`: NaN where one is NaN, inf and -inf where there are none."""
    found: list[Any]
    if values.dtype == np.float32:
        found = each_piece(values, np.float32, float_ends)
    else:
        found = in_parts(values.size, lambda part: _ends(values[part]))
    lows, highs = zip(*found, strict=True)
    return float(np.min(lows)), float(np.max(highs))


@kernel
def float_ends(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The smallest and the largest of (n,) values, as (2,); as `ends_of` says, and never -0."""
    return np.array(_ends(values), np.float32) + np.float32(0)


def _ends(values: NDArray[Any]) -> tuple[Any, Any]:
    blocks = [values[start : start + _BLOCK] for start in range(0, values.size, _BLOCK)]
    ends = [(np.inf, -np.inf), *((block.min(), block.max()) for block in blocks)]
    lows, highs = zip(*ends, strict=True)
    return np.min(lows), np.max(highs)
