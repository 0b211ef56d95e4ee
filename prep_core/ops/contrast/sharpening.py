"""Steps that make edges steeper."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np

from prep_core.ops.extent import Extent
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn, in_voxels
from prep_core.ops.smoothing import rows_of_gaussian, smoothed
from prep_core.param import P


def unsharp(
    image: Image,
    valid: Mask,
    spacing: tuple[float, ...] | None,
    *,
    radius: Annotated[
        float,
        P(
            "Standard deviation of the blur that is taken away; about the size of the detail to sharpen.",
            (0, 100),
            "mm or px",
            soft=(0, 10),
        ),
    ] = 1.0,
    amount: Annotated[float, P("How much of the detail is added; 0 changes nothing.", (0, 100), soft=(0, 5))] = 1.0,
    lengths_in: LengthsIn = "mm",
    extent: Extent = "plane",
) -> Image:
    """Sharpen by adding what a Gaussian blur takes away; noise is sharpened too, and edges overshoot.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape
    spacing : tuple of float or None
        Voxel size in mm.

    Raises
    ------
    ValueError
        For a radius in mm where the voxel size is unknown, or of more than 100 voxels.

    Notes
    -----
    x + amount (x - G(x)), where G is the step `gaussian` with sigma = radius.  The values stay in their unit and are
    not clipped: next to an edge they leave the old range.

    Padding takes no part in the blur and stays as it is; beyond the border the image is mirrored.

    References
    ----------
    ``skimage.filters.unsharp_mask`` with preserve_range.
    """
    blurred = smoothed(image, valid, in_voxels(radius, spacing, image.ndim, lengths_in))
    return np.where(valid, image + amount * (image - blurred), image)


def unsharp_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    return rows_of_gaussian(in_voxels(params["radius"], spacing, axes, params["lengths_in"]))
