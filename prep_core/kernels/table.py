"""Looking values up in a table that has one for each code of 16 bits."""

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

CODES = 1 << 16

_BLOCK = 1 << 16  # NumPy widens what it looks up to 8 bytes


@kernel
def look_up(codes: NDArray[np.uint16], table: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Set (n,) `out` to the places of (65,536,) `table` that (n,) `codes` name."""
    for start in range(0, codes.size, _BLOCK):
        np.take(table, codes[start : start + _BLOCK], out=out[start : start + _BLOCK])
