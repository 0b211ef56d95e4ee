"""Working through an image in blocks, where the arithmetic needs float64."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from prep_core.ops.image import Image

_BLOCK = 1 << 18  # 2 MB of float64: stays in the second-level cache


def by_block(image: Image, function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Image:
    """What `function`, value by value, makes of `image`, as float32 of the same shape."""
    flat = np.ravel(image)
    result = np.empty(flat.size, np.float32)
    for start in range(0, flat.size, _BLOCK):
        result[start : start + _BLOCK] = function(flat[start : start + _BLOCK].astype(np.float64))
    return result.reshape(image.shape)
