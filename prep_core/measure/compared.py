"""Voxels compared with a number that their dtype may not hold.

NumPy would make float64 of each float32 that it compares with a float64.  Here the number becomes the float32 next to
it, on the side where that makes no difference.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def at_most(values: NDArray[Any], limit: float) -> Mask:
    """Where the values are smaller than `limit`, or equal to it."""
    mask: Mask = values <= _rounded(values, limit, -np.inf)
    return mask


def below(values: NDArray[Any], limit: float) -> Mask:
    """Where the values are smaller than `limit`."""
    mask: Mask = values < _rounded(values, limit, np.inf)
    return mask


def above(values: NDArray[Any], limit: float) -> Mask:
    """Where the values are larger than `limit`."""
    mask: Mask = values > _rounded(values, limit, -np.inf)
    return mask


def _rounded(values: NDArray[Any], limit: float, towards: float) -> Any:
    if values.dtype != np.float32:
        return np.float64(limit)
    with np.errstate(over="ignore"):  # beyond the largest float32 it is infinite, or the largest again
        near = np.float32(limit)
        passed = float(near) > limit if towards < 0 else float(near) < limit
        return np.nextafter(near, np.float32(towards)) if passed else near
