"""Gaussian smoothing that padding takes no part in."""

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter

from prep_core.memory import all_true
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image

CUT = 4.0
"""In sigmas: where the Gaussian ends."""

MOST_SIGMA = 100.0
"""In voxels; the time for a voxel grows with sigma."""


def smoothed(image: Image, valid: Mask, sigma: Sequence[float]) -> Image:
    """`image` under a Gaussian; voxels that are not valid stay as they are.

    Parameters
    ----------
    image : (...) float32 ndarray
    valid : (...) bool ndarray
    sigma : sequence of float
        Along each axis, in voxels.

    Raises
    ------
    ValueError
        For a sigma of more than 100 voxels.

    Notes
    -----
    Normalised convolution [1]_: G(x v) / G(v), with v = 1 where a voxel is valid and 0 elsewhere.  Beyond the border
    the image is mirrored (d c b a | a b c d | d c b a), and the Gaussian ends at 4 sigma.

    References
    ----------
    .. [1] Knutsson and Westin (1993), Normalized and differential convolution, CVPR, p. 515.
    """
    if max(sigma) > MOST_SIGMA:
        raise ValueError(
            f"has a Gaussian of {max(sigma):g} voxels, and at most {MOST_SIGMA:g} can be done in reasonable time; "
            "choose a smaller one, or resample to larger voxels first"
        )
    if all_true(valid):
        return _gaussian(image, sigma)
    weight = _gaussian(valid.astype(np.float32), sigma)
    total = _gaussian(np.where(valid, image, np.float32(0)), sigma)
    return np.divide(total, weight, out=image.copy(), where=valid)


def rows_of_gaussian(sigma: Sequence[float]) -> int:
    """How many rows beyond a row the Gaussian looks at for it; rows lie along the last axis but one."""
    return int(CUT * sigma[-2] + 0.5)


def _gaussian(image: Image, sigma: Sequence[float]) -> Image:
    result: Image = gaussian_filter(image, sigma, mode="reflect", truncate=CUT)
    return result
