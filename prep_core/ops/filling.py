"""Keep padding out of filters: what stands in for voxels that do not count."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

Mask = NDArray[np.bool_]


def filled(image: NDArray[Any], valid: Mask) -> NDArray[Any]:
    """`image` with the nearest valid value wherever it is not valid or not finite; 0 where nothing is.

    Parameters
    ----------
    image, valid : (...) ndarray of the same shape
        Nearest counts voxels, not millimetres.

    Returns
    -------
    ndarray of the same shape and dtype
        `image` itself where nothing is to fill.
    """
    usable = valid & np.isfinite(image)
    if usable.all():
        return image
    if not usable.any():
        return np.zeros_like(image)
    nearest = distance_transform_edt(~usable, return_distances=False, return_indices=True)
    values: NDArray[Any] = image[tuple(nearest)]
    return values


def around_padding(image: NDArray[Any], valid: Mask, filtering: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[Any]:
    """What `filtering` makes of the filled image; voxels that are not valid stay as they are.

    Where nothing is valid, nothing is filtered.
    """
    if not valid.any():
        return image
    return np.where(valid, filtering(filled(image, valid)), image)


def rows_with_filling(radii: Sequence[int]) -> int:
    """How many rows beyond a row `around_padding` looks at for it, with a filter that looks so far along each axis.

    What is filled in at a voxel that the filter sees is no farther away than the valid voxel that it sees it from.
    """
    return radii[-2] + math.floor(math.hypot(*radii))
