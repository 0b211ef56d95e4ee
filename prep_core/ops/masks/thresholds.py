"""Steps that choose voxels by their value, and the one that fills the others."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from prep_core.measure import Accumulator, Otsu
from prep_core.ops.image import Image, Numbers
from prep_core.ops.masks.regions import Mask
from prep_core.param import P
from prep_core.scan import Scan


def otsu_threshold() -> Accumulator:
    """Measure the threshold that parts dark from bright best, by Otsu's method."""
    return Otsu()


def foreground_mask(image: Image, numbers: Numbers) -> Mask:
    """Choose the voxels above Otsu's threshold: the bright class of two.

    Parameters
    ----------
    image : (...) float32 ndarray

    Returns
    -------
    bool ndarray of the same shape

    Raises
    ------
    ValueError
        By the runner, where all measured voxels have one value.

    Notes
    -----
    The threshold t maximises the variance between the classes, n0(t) n1(t) (m0(t) - m1(t))^2, with the counts n and
    the means m of the values up to t and above it; the mask is x > t.  Integers are counted value by value, other
    values in 256 bins.  Measured over one image this is what `inside: foreground` means.  On CT the two classes are
    air and tissue; where there are three classes the threshold may lie between any two.

    References
    ----------
    .. [1] N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
       Cybernetics 9:62, 1979.
    """
    above: Mask = image > numbers["threshold"]
    return above


def has_threshold(numbers: Mapping[str, float]) -> str | None:
    return "has no foreground: all voxels have one value" if math.isnan(numbers["threshold"]) else None


def threshold_mask(
    image: Image,
    *,
    low: Annotated[float, P("Smallest value chosen.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    high: Annotated[float, P("Largest value chosen.", (-1e9, 1e9), "image units", soft=(-1000, 3000))] = 1.0,
) -> Mask:
    """Choose the voxels with values from low to high, both included.

    Parameters
    ----------
    image : (...) float32 ndarray

    Returns
    -------
    bool ndarray of the same shape

    Notes
    -----
    low <= x <= high, compared in float32.
    """
    return (image >= np.float32(low)) & (image <= np.float32(high))


def threshold_rule(params: Mapping[str, Any]) -> str | None:
    low, high = params["low"], params["high"]
    return None if low <= high else f"low must not be above high, got low {low:g} and high {high:g}"


def apply_mask(
    image: Image,
    inside: Mask,
    *,
    fill: Annotated[
        float,
        P("What all voxels outside the mask become; -1000 is air in HU.", (-1e9, 1e9), "image units", (-1000, 1000)),
    ] = 0.0,
) -> Image:
    """Set everything outside the mask to one value.

    Parameters
    ----------
    image : (...) float32 ndarray
    inside : bool ndarray of the same shape
        The mask of the last line above that makes one.

    Returns
    -------
    ndarray of the same shape, float32

    Raises
    ------
    ValueError
        By the runner, where no line above makes a mask.

    Notes
    -----
    where(inside, x, fill).  Padding is filled too.  The filled voxels still count in lines below, unless these say
    inside: mask.
    """
    return np.where(inside, image, np.float32(fill))


def mask_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels the mask has."""
    return {"voxels_inside": 0 if after.mask is None else int(np.count_nonzero(after.mask))}


def fill_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels that are not padding were filled."""
    outside = before.valid if before.mask is None else before.valid & ~before.mask
    return {"voxels_filled": int(np.count_nonzero(outside))}
