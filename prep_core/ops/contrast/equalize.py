"""Global histogram equalisation, as a curve that is measured on a population."""

from functools import partial
from typing import Annotated, Any

import numpy as np

from prep_core.kernels.curve import by_curve
from prep_core.measure import Accumulator, Extremes, Histogram, InTurn
from prep_core.ops.image import Image, Numbers
from prep_core.param import P


def cumulative_histogram(
    *,
    bins: Annotated[
        int, P("Bins of the histogram, evenly from the smallest to the largest value.", (2, 65536), soft=(16, 4096))
    ] = 256,
) -> Accumulator:
    """Measure the range of the values, and which share of them lies in or below each bin."""
    return InTurn(("low", "high", "shares"), (_range, partial(_histogram, bins)), _shares)


def _range(_: Numbers) -> Extremes:
    return Extremes()


def _histogram(bins: int, numbers: Numbers) -> Histogram:
    return Histogram(numbers["low"], numbers["high"], bins)


def _shares(numbers: Numbers) -> dict[str, Any]:
    shares = np.cumsum(numbers["counts"]) / numbers["counts"].sum()
    return {"low": numbers["low"], "high": numbers["high"], "shares": shares.astype(np.float32)}


def equalize(image: Image, numbers: Numbers) -> Image:
    """Spread the grey values so that each is equally frequent: a value becomes the share of voxels that lie below it.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "low" and "high", the range of the measured values, and "shares", (bins,), the cumulative histogram.

    Returns
    -------
    ndarray of the same shape, float32
        Values in [0, 1].

    Raises
    ------
    ValueError
        For a population of one value.

    Notes
    -----
    The cumulative histogram, linear between the centres of its bins; values beyond the first and the last centre
    become its ends.  One hot pixel stretches the bins over its own value; put a clip or a percentile_rescale above.

    References
    ----------
    Gonzalez and Woods, Digital Image Processing, section 3.3; ``skimage.exposure.equalize_hist`` (with mask).
    """
    shares = numbers["shares"]
    low, high = float(numbers["low"]), float(numbers["high"])
    centres = low + (np.arange(len(shares)) + 0.5) * ((high - low) / len(shares))
    return by_curve(image, centres, shares)
