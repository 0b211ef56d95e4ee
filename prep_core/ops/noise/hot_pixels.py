"""Find single voxels that stand out of their neighbourhood, and replace them."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from prep_core.ops.extent import Extent
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image
from prep_core.ops.local_median import local_median
from prep_core.param import P
from prep_core.scan import Scan

_STD_OF_MAD = 1.482602218505602
"""1 / the 75th percentile of the standard normal distribution."""


def hot_pixels(
    image: Image,
    valid: Mask,
    inside: Mask,
    *,
    threshold: Annotated[
        float,
        P(
            "How many standard deviations of the noise a voxel must differ from its neighbours to be replaced.",
            (1, 1000),
            "sigmas",
            soft=(3, 20),
        ),
    ] = 6.0,
    extent: Extent = "plane",
) -> Image:
    """Replace single voxels that stand out of their neighbourhood, hot or dead, by the median of that neighbourhood.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid, inside : bool ndarray of the same shape
        The noise is measured inside; all valid voxels are looked at.

    Raises
    ------
    ValueError
        Where nothing is inside, or half of it or more equals its median: there is no noise to compare with.

    Notes
    -----
    With m the median of the 3 x 3 (x 3) valid voxels around x, and d = x - m, a voxel becomes m where
    abs(d) > threshold * s.  s = 1.4826 median(abs(d)) over the plane (or volume), a standard deviation that outliers do
    not move; voxels that are their own median (one in nine) do not count.  For white noise s is within 2 % of its
    standard deviation.  Below 5 sigmas, true noise and fine structure are replaced too.

    Detectors have hot pixels in each plane they record; that is why each plane by itself is the default.  Padding is
    not counted, and beyond the border the image is mirrored.  How many voxels were replaced is counted.

    References
    ----------
    The test of IRAF's ``crmedian`` and ``ccdproc.cosmicray_median``, with the noise by Rousseeuw and Croux (1993),
    Alternatives to the median absolute deviation, Journal of the American Statistical Association 88:1273.
    """
    median = local_median(image, valid, 3)
    deviation = np.where(valid, np.abs(image - median), np.float32(0))
    if not deviation.any():
        return image
    outlier = deviation > threshold * _spread(deviation[inside])
    return np.where(outlier, median, image)


def _spread(deviation: Image) -> float:
    if not deviation.size:
        raise ValueError(
            "has no voxel inside to measure the noise on, in at least one plane; choose extent: volume, or inside: all"
        )
    if np.median(deviation) == 0:
        raise ValueError(
            "has no noise to compare with: half of the voxels or more equal the median of their neighbours; "
            "measure inside foreground or a mask, where the values vary"
        )
    return _STD_OF_MAD * float(np.median(deviation[deviation > 0]))


def hot_pixels_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels were replaced."""
    changed = before.data.astype(np.float32, copy=False) != after.data
    return {"replaced": int(np.count_nonzero(changed & before.valid))}
