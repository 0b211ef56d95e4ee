"""Histogram matching: every scan gets the distribution of a reference."""

from collections.abc import Mapping
from typing import Any

from prep_core.kernels.curve import by_two_curves
from prep_core.measure import Accumulator, distribution_curve
from prep_core.ops.image import Image, Numbers


def reference_distribution() -> Accumulator:
    """Measure the distribution of the reference: that of the training scans together."""
    return distribution_curve("reference")


def own_distribution() -> Accumulator:
    """Measure the distribution of the scan at hand."""
    return distribution_curve("own")


def match_histogram(image: Image, numbers: Numbers) -> Image:
    """Give a scan the histogram of the training scans: every value becomes the reference's value of the same rank.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "reference_values" and "reference_shares", (points,), frozen, and "own_values" and "own_shares", (points,), of
        the scan at hand: values in image units, increasing, and the share of voxels at or below each.

    Returns
    -------
    ndarray of the same shape, float32
        In the range of the reference; NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, where the scan or the reference has one value only.

    Notes
    -----
    ``G(F(x))`` with F(x) the share of the scan's voxels at or below x, and G(q) the smallest value of the reference
    with a share of q at or below it [1]_.  Both are kept at 1025 percentiles and 4097 even steps of the range, and
    are linear between: within one of 256 bins of scikit-image's match_histograms, but for single voxels beside a gap
    in a histogram.  All voxels of the training scans count alike, or all scans (pool); fit on one scan to match it.

    Matching also makes equal what differs for a reason: a large lesion changes the histogram, and all other tissue
    pays for it.

    References
    ----------
    .. [1] Gonzalez and Woods (2018), Digital Image Processing, 4th edition, section 3.3.
    """
    # A gap in the reference has one share for many values; turned round, a curve takes the smallest of them.
    own, reference = numbers["own_values"], numbers["reference_values"][::-1]
    return by_two_curves(image, (own, -numbers["own_shares"]), (-numbers["reference_shares"][::-1], reference))


def has_distribution(numbers: Mapping[str, Any]) -> str | None:
    name = "reference" if "reference_values" in numbers else "own"
    curve = numbers[f"{name}_values"]
    if curve[0] < curve[-1]:
        return None
    return f"has nothing to match: all voxels of the {'scan' if name == 'own' else name} are {curve[0]:g}"
