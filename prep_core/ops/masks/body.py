"""The body of a CT, without the table."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn
from prep_core.ops.masks.regions import Mask, dilated_square, eroded_square, largest, voxel_size, without_holes
from prep_core.param import P

THRESHOLD = -500.0
"""HU, half way between air and tissue."""

OPENING = 5.0
"""mm: half the thickness of what is no part of the body."""


def body_mask(
    image: Image,
    spacing: Sequence[float] | None,
    valid: Mask,
    *,
    threshold: Annotated[float, P("What lies above may be body.", (-1e4, 1e4), "HU", soft=(-900, 0))] = THRESHOLD,
    opening: Annotated[
        float, P("Half the thickness of the plates and wires that are cut off.", (0, 100), "mm", soft=(0, 20))
    ] = OPENING,
    lengths_in: LengthsIn = "mm",
) -> Mask:
    """Find the body in a CT: the largest thing denser than air, with all that it encloses and without the table.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
        HU; the last two axes are axial planes.
    spacing : sequence of float or None
        Voxel size in mm along each axis.
    valid : bool ndarray of the same shape
        False where the image is padding, which is never body.

    Returns
    -------
    bool ndarray of the same shape

    Raises
    ------
    ValueError
        Where nothing is left, and for a length in mm on a scan without a voxel size.

    Notes
    -----
    B = fill(dilate(largest(erode(x > threshold)))).  Erosion and dilation use a square of side 2 * opening in each
    plane, so that plates thinner than that are lost, and with them what touches the body through them.  The largest
    part is connected through faces.  `fill` closes holes plane by plane: lungs that are cut off by the first or last
    plane still belong to the body.  Arms that touch the trunk in no plane are lost.
    """
    body = body_of(image, valid, voxel_size(spacing, image.ndim, lengths_in), threshold, opening)
    if not body.any():
        dense = int(np.count_nonzero(valid & (image > threshold)))
        raise ValueError(
            f"finds no body: it looked for values above {threshold:g} HU, and of the {dense} voxels there are none is "
            f"left after opening with {opening:g} {lengths_in}; check that the values are in HU, or lower both"
        )
    return body


def body_of(
    image: Image, valid: Mask, size: Sequence[float], threshold: float = THRESHOLD, opening: float = OPENING
) -> Mask:
    """The voxels of the body; none where there is none.  `size` is that of a voxel, in the unit of `opening`."""
    core = largest(eroded_square(valid & (image > threshold), opening, size[-2:]))
    return without_holes(dilated_square(core, opening, size[-2:]))
