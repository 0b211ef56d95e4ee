"""Each pixel by its own mean and spread, over a training set of images on one grid."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import Accumulator, Answered, PixelExtremes, PixelMoments, Together
from prep_core.ops.image import Image, Numbers
from prep_core.ops.unmeasured import Unmeasured, known_or_refused
from prep_core.param import P


def pixel_mean_and_spread(
    *,
    scale: Annotated[
        Literal["std", "range"], P("Divide by the standard deviation, or by the largest minus the smallest value.")
    ] = "std",
    std_floor: Annotated[
        float, P("A spread below this counts as this: the noise of one pixel.", (0, 1e9), "image units", soft=(0, 100))
    ] = 0.0,
) -> Accumulator:
    """Measure the mean and the spread of each pixel, in float64."""
    member = Together(PixelMoments(), PixelExtremes()) if scale == "range" else PixelMoments()
    return Answered(("mean", "divisor"), member, partial(_divided, scale, std_floor))


def standardize_map(
    image: Image, numbers: Numbers, valid: NDArray[np.bool_], *, unmeasured: Unmeasured = "refuse"
) -> Image:
    """Subtract from each pixel its mean over the training scans, and divide by its own spread.

    Raises
    ------
    ValueError
        Where voxels are valid that no training scan measured, unless `unmeasured` is neutral: they become 0 then.

    Notes
    -----
    (x - mean) / max(spread, std_floor), with images of the mean and of the spread: std with ddof 0, or largest minus
    smallest value.  All scans must lie on one grid, as after registration.  Where all training scans agree to the
    last bit the spread is 0, and std_floor must say how much is noise.

    References
    ----------
    LeCun, Bottou, Orr and Mueller (1998), Efficient BackProp, section 4.3: the mean and the std of each input variable.
    """
    known = known_or_refused(numbers["mean"], valid, unmeasured)
    neutral = np.where(valid, np.float32(0), image)
    return np.where(known, (image - numbers["mean"]) / numbers["divisor"], neutral)


def has_divisors(numbers: Mapping[str, Any]) -> str | None:
    divisor = numbers["divisor"]
    known = np.isfinite(numbers["mean"])
    if not known.any():
        return "has no voxels to measure"
    if np.isinf(divisor).any():
        return "measures a spread beyond what a float32 can hold; rescale above it"
    flat = int(np.count_nonzero(divisor == 0))
    if flat:
        return (
            f"has nothing to divide by: {flat} of {int(known.sum())} pixels have one value in all training scans; "
            "fit it on more scans, or set std_floor above 0, to the noise of one pixel"
        )
    return None


def _divided(scale: str, floor: float, numbers: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    if scale == "range":
        spread = numbers["high"].astype(np.float64) - numbers["low"]
    else:
        spread = numbers["std"].astype(np.float64)
    with np.errstate(over="ignore"):
        return {"mean": numbers["mean"], "divisor": np.maximum(spread, floor).astype(np.float32)}
