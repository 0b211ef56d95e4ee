"""Whether values are finite."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.parts import flat, in_parts
from prep_core.kernels.switch import kernel

_BLOCK = 1 << 18  # a mask of that size stays in the second-level cache


def is_finite(values: NDArray[Any]) -> bool:
    """Whether no value of an array of any shape and real or complex dtype is NaN or infinite."""
    if values.dtype != np.float32:
        return bool(np.isfinite(values).all())
    given = flat(values, np.float32)
    return all(in_parts(given.size, lambda part: all_finite(given[part])))


@kernel
def all_finite(values: NDArray[np.float32]) -> bool:
    """Whether no value of (n,) float32 is NaN or infinite."""
    starts = range(0, values.size, _BLOCK)
    return all(bool(np.isfinite(values[start : start + _BLOCK]).all()) for start in starts)
