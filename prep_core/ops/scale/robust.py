"""Pointwise steps that a few wrong voxels cannot mislead."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.kernels.formula import by_formula
from prep_core.kernels.mapped import Operation
from prep_core.measure import Accumulator, median_and_iqr, median_and_mad
from prep_core.ops.image import Image, Numbers
from prep_core.param import P
from prep_core.scan import Scan


def sigma_clip(
    image: Image,
    numbers: Numbers,
    *,
    sigmas: Annotated[
        float, P("How far from the mean a value may lie.", (0.01, 1000), "standard deviations", soft=(1, 10))
    ] = 5.0,
) -> Image:
    """Limit the values to the mean plus and minus some standard deviations; they stay in their unit.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "mean" and "std" (ddof 0) of the population, in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a population whose voxels are all equal.

    Notes
    -----
    ``clip(x, mean - sigmas * std, mean + sigmas * std)``, once: mean and std are not measured again on what was
    limited, so the outliers have a say in where the limits lie.  Where they are many or far away take
    percentile_clip.
    """
    return by_formula(image, *sigma_clip_formula(numbers, {"sigmas": sigmas}))


def sigma_clip_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    reach = params["sigmas"] * numbers["std"]
    return (("clip", numbers["mean"] - reach, numbers["mean"] + reach),)


def median_and_spread(
    *,
    spread: Annotated[
        Literal["mad", "iqr"],
        P("mad is the median distance from the median; iqr is the distance between the quartiles."),
    ] = "mad",
) -> Accumulator:
    """Measure the median and a robust standard deviation."""
    return median_and_mad() if spread == "mad" else median_and_iqr()


def robust_zscore(image: Image, numbers: Numbers) -> Image:
    """Subtract the median and divide by a spread that outliers do not move: (x - median) / spread.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "median" and "spread" of the population, in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a population whose spread is 0.

    Notes
    -----
    The spread estimates the standard deviation of normally distributed values [1]_:

    - mad: ``median(|x - median|) / 0.67449``, not moved by anything that less than half of the voxels do,
    - iqr: ``(q75 - q25) / 1.349``, by less than a quarter of them.

    References
    ----------
    .. [1] Rousseeuw and Croux (1993), Alternatives to the median absolute deviation, Journal of the American
       Statistical Association 88:1273.
    """
    return by_formula(image, *robust_zscore_formula(numbers, {}))


def robust_zscore_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return ("-", numbers["median"]), ("/", numbers["spread"])


def has_width(numbers: Mapping[str, float]) -> str | None:
    if np.float32(numbers["std"]) > 0:
        return None
    return f"has nothing to limit: all measured voxels are {numbers['mean']:g}"


def has_robust_spread(numbers: Mapping[str, float]) -> str | None:
    if np.float32(numbers["spread"]) > 0:
        return None
    return (
        f"has nothing to divide by: half of the measured voxels or more are {numbers['median']:g}; "
        "measure inside foreground or a mask that leaves them out, or take zscore"
    )


def limited_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many valid voxels were raised to the lower limit and lowered to the upper one."""
    old = before.data.astype(np.float32, copy=False)
    return {
        "limited_low": int(np.count_nonzero((after.data > old) & before.valid)),
        "limited_high": int(np.count_nonzero((after.data < old) & before.valid)),
    }
