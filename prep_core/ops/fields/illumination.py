"""Illumination that many images share: the flat field, measured over a training set."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import Accumulator, Answered, PixelMoments, PixelStack, median_of
from prep_core.ops.fields.basic_shading import basic_flat, shrunk, stretched
from prep_core.ops.image import Image, Numbers
from prep_core.ops.unmeasured import Unmeasured, known_or_refused
from prep_core.param import P

MEDIAN_BYTES = 2**30
BASIC_BYTES = 2**25
"""What the images of an estimate may take: for `median` 256 of 1024 x 1024, for `basic` 512, which it works on in about
a minute."""

Dark = Annotated[
    float,
    P("Value of a pixel without light, the offset of the camera.", (-1e9, 1e9), "image units", soft=(0, 1000)),
]


def flat_image(
    *,
    estimate: Annotated[
        Literal["mean", "median", "basic"],
        P("Mean or median of each pixel over the images, or BaSiC, which fits one smooth flat field to few of them."),
    ] = "mean",
    dark: Dark = 0.0,
) -> Accumulator:
    """Measure how bright each pixel is, relative to the mean of its plane."""
    if estimate == "mean":
        return Answered(("flat",), PixelMoments(), partial(_flat_of_mean, dark))
    if estimate == "median":
        return Answered(("flat",), PixelStack(MEDIAN_BYTES), partial(_flat_of_median, dark))
    return Answered(("flat",), PixelStack(BASIC_BYTES, shrunk), partial(_flat_of_basic, dark))


def flat_field(
    image: Image,
    numbers: Numbers,
    valid: NDArray[np.bool_],
    *,
    dark: Dark = 0.0,
    unmeasured: Unmeasured = "refuse",
) -> Image:
    """Divide by the illumination that many images share, so that equal objects are equally bright everywhere.

    Raises
    ------
    ValueError
        Where voxels are valid that no training scan measured, unless `unmeasured` is neutral: their flat is 1 then.

    Notes
    -----
    (x - dark) / flat; the flat has a mean of 1 over each plane (y, x), so that the mean brightness stays and channels
    keep their relation.  mean and median are (m - dark) / mean(m - dark), with m the mean or median of each pixel over
    all images (each frame, each scan): they need so many that what is in them averages out, or images of nothing, and
    they hold dust and single pixels too, which basic takes for content.
    basic is BaSiC [1]_ on images of at most 128 x 128 pixels: each is a level times one flat, whose cosine coefficients
    are few, plus a rest that is sparse.  It is for tens of images with something in them.  Its dark field is not
    estimated (dark is a number) and the drift of the background over time is not removed.

    References
    ----------
    .. [1] Peng et al. (2017), A BaSiC tool for background and shading correction of optical microscopy images, Nature
       Communications 8:14836.
    """
    known = known_or_refused(numbers["flat"], valid, unmeasured)
    light = np.where(valid, image - np.float32(dark), image)
    return np.where(known, (image - np.float32(dark)) / numbers["flat"], light)


def has_flat(numbers: Mapping[str, Any]) -> str | None:
    flat = numbers["flat"]
    known = np.isfinite(flat)
    if not known.any():
        return "has no voxels to measure"
    dark = int(np.count_nonzero(flat[known] <= 0))
    if dark:
        return f"has no light in {dark} of {int(known.sum())} pixels; lower dark, or crop them away above it"
    return None


def _flat_of_mean(dark: float, numbers: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    return _relative(numbers["mean"].astype(np.float64) - dark)


def _flat_of_median(dark: float, numbers: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    return _relative(median_of(numbers["images"]).astype(np.float64) - dark)


def _flat_of_basic(dark: float, numbers: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    stack = np.stack(numbers["images"]) - np.float32(dark)
    shape = numbers["shape"]
    planes = stack.reshape(len(stack), -1, *stack.shape[-2:])
    flats = [stretched(basic_flat(planes[:, i]), shape[-2:]) for i in range(planes.shape[1])]
    return _relative(np.stack(flats).reshape(shape))


def _relative(light: NDArray[np.float64]) -> dict[str, NDArray[np.float32]]:
    """`light` (..., y, x) divided by the mean of each plane, of what is known there."""
    known = np.isfinite(light)
    count = known.sum(axis=(-2, -1), keepdims=True)
    mean = np.where(known, light, 0).sum(axis=(-2, -1), keepdims=True) / np.maximum(count, 1)
    if (mean[count > 0] <= 0).any():
        raise ValueError(f"has no light: what is measured lies {-mean.min():g} below dark on the mean; lower dark")
    with np.errstate(all="ignore"):
        return {"flat": (light / mean).astype(np.float32)}
