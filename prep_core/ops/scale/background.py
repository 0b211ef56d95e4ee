"""Scaling by the value of the background."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from prep_core.measure import Accumulator, Percentiles, kernel_mode
from prep_core.memory import all_true
from prep_core.ops.image import Image, Numbers
from prep_core.ops.smoothing import rows_of_gaussian
from prep_core.param import P

_KERNEL = 8  # bins in the width of the kernel


def smoothed_planes(
    image: Image,
    valid: NDArray[np.bool_],
    *,
    smooth_sigma: Annotated[
        float, P("Smooth this much before the background is measured; 0 does not.", (0, 20), "px", soft=(0, 5))
    ] = 1.0,
) -> Image:
    """Smooth each plane (y, x) of `image` with a Gaussian, for measuring only.

    Notes
    -----
    What is not valid has weight 0: the mean runs over the valid voxels under the kernel.
    """
    sigma = (0.0,) * (image.ndim - 2) + (smooth_sigma, smooth_sigma)
    if all_true(valid):
        return np.asarray(gaussian_filter(image, sigma))
    total = gaussian_filter(np.where(valid, image, np.float32(0)), sigma)
    weight = gaussian_filter(valid.astype(np.float32), sigma)
    return np.where(valid, total / np.where(valid, weight, np.float32(1)), image)


def smoothed_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    return rows_of_gaussian((params["smooth_sigma"],) * 2)


def background_value(
    *,
    statistic: Annotated[
        Literal["mode", "median"],
        P("mode is the most frequent value; median suits a background that fills more than half of the image."),
    ] = "mode",
) -> Accumulator:
    """Measure the value of the background."""
    return kernel_mode("background") if statistic == "mode" else Percentiles(background=50.0)


def background_scale(
    image: Image,
    numbers: Numbers,
    *,
    factor: Annotated[float, P("The background becomes 1 / factor.", (1e-6, 1e6), soft=(0.1, 10))] = 1.0,
) -> Image:
    """Divide by the value of the background, so that the background of every image becomes the same.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "background", in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a background that is not above 0, or a mode no further from it than its kernel is wide.

    Notes
    -----
    ``x / (background * factor)``.  The background is the mode or the median of the image after a Gaussian of
    `smooth_sigma` pixels within each plane, which takes the edge off shot noise; the pixels that are divided are not
    smoothed.  Voxels are chosen (foreground, positive) before smoothing, and padding has no weight in it.

    The mode is the highest point of a kernel density with Silverman's robust width [1]_, to within one bin of an
    eighth of that width; "bin_width" stands beside it.

    References
    ----------
    .. [1] Silverman (1986), Density Estimation for Statistics and Data Analysis, p. 47.
    """
    scaled: Image = image / (numbers["background"] * np.float32(factor))
    return scaled


def has_background(numbers: Mapping[str, float]) -> str | None:
    value, unsure = numbers["background"], _KERNEL * numbers.get("bin_width", 0.0)
    if np.float32(value) > unsure:
        return None
    sure = f" within {unsure:g}" if unsure else ""
    return (
        f"has nothing to divide by: the background is {value:g}{sure} and must be above 0; measure inside positive, "
        "or add an offset above it with rescale"
    )
