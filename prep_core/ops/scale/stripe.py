"""White stripe: brain MR brought to a scale by its normal-appearing white matter."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from prep_core.kernels.formula import by_formula
from prep_core.measure import Accumulator, stripe_moments
from prep_core.ops.image import Image, Numbers
from prep_core.ops.scale.linear import zscore_formula
from prep_core.param import P


def stripe(
    *,
    width: Annotated[
        float,
        P(
            "Share of the voxels on either side of the white-matter peak that are taken.",
            (0.001, 0.5),
            soft=(0.01, 0.2),
        ),
    ] = 0.05,
    contrast: Annotated[
        Literal["t1", "t2", "flair", "pd"],
        P("Which peak of the histogram is white matter: last for t1, highest for t2 and flair, first for pd."),
    ] = "t1",
) -> Accumulator:
    """Measure mean and standard deviation of normal-appearing white matter."""
    return stripe_moments(width, contrast)


def white_stripe(image: Image, numbers: Numbers) -> Image:
    """Z-score brain MR by its normal-appearing white matter: (x - mean) / std of a stripe around its peak.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "mean" and "std" (ddof 0) inside the stripe; "mode", the white-matter peak, is for the record.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a stripe without two different values.

    Notes
    -----
    Made for brains [1]_; measure inside a mask of the brain where there is one.  As in the package
    intensity-normalization: the density of the measured voxels, with a Gaussian kernel of Scott's width, is looked at
    on 80 points from the smallest to the largest of them, without the upper 4 % for t1 and 1 % for pd.  Its last
    (t1), highest (t2, flair) or first (pd) peak is the mode.  With q the share of voxels below the mode, the stripe
    is what lies strictly between the quantiles ``q - width`` and ``q + width``, within 0 to 1.

    For t2 and flair one hot voxel stretches the 80 points: put a percentile_clip above.

    References
    ----------
    .. [1] Shinohara et al. (2014), Statistical normalization techniques for magnetic resonance imaging, NeuroImage:
       Clinical 6:9.
    """
    return by_formula(image, *zscore_formula(numbers, {}))


def has_stripe(numbers: Mapping[str, float]) -> str | None:
    if np.float32(numbers["std"]) > 0:
        return None
    return (
        f"has nothing to divide by: no two different values lie in the stripe around the peak at {numbers['mode']:g}; "
        "take a larger width, or measure inside a mask of the brain"
    )
