"""Pointwise steps that bring a scan to a common scale with the range or the moments of a reference population."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from prep_core.kernels.formula import by_formula
from prep_core.kernels.mapped import Operation
from prep_core.measure import Accumulator, Extremes, Moments, Percentiles, Together
from prep_core.ops.image import Image, Numbers
from prep_core.param import P

OutLow = Annotated[float, P("Smallest result.", (-1e6, 1e6), soft=(-1, 1))]
OutHigh = Annotated[float, P("Largest result.", (-1e6, 1e6), soft=(0, 255))]
ClipLow = Annotated[float, P("Values below this percentile become it.", (0, 100), "%", soft=(0, 10))]
ClipHigh = Annotated[float, P("Values above this percentile become it.", (0, 100), "%", soft=(90, 100))]

_LEAST_STD = np.float32(1e-8)  # of nnU-Net's CTNormalization


def extremes() -> Accumulator:
    """Measure the smallest and the largest value."""
    return Extremes()


def minmax(image: Image, numbers: Numbers, *, out_low: OutLow = 0.0, out_high: OutHigh = 1.0) -> Image:
    """Map the smallest measured value to out_low and the largest to out_high.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "low" and "high", in image units.

    Returns
    -------
    ndarray of the same shape, float32
        Outside the range for voxels that were not measured; NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a population whose voxels are all equal.

    Notes
    -----
    ``(x - low) / (high - low) * (out_high - out_low) + out_low``.  One hot pixel decides the whole scale;
    percentile_rescale is the robust form.
    """
    return by_formula(image, *minmax_formula(numbers, {"out_low": out_low, "out_high": out_high}))


def minmax_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return *_span(numbers), *_to_range(params)


def rescale_percentiles(
    *,
    low: Annotated[float, P("Percentile that becomes out_low.", (0, 100), "%", soft=(0, 10))] = 1.0,
    high: Annotated[float, P("Percentile that becomes out_high.", (0, 100), "%", soft=(90, 100))] = 99.8,
) -> Accumulator:
    """Measure two percentiles, by NumPy's linear method."""
    return Percentiles(low=low, high=high)


def percentile_rescale(
    image: Image,
    numbers: Numbers,
    *,
    clip: Annotated[bool, P("Limit the result to out_low and out_high.")] = True,
    out_low: OutLow = 0.0,
    out_high: OutHigh = 1.0,
) -> Image:
    """Map a low percentile to out_low and a high one to out_high.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "low" and "high", the two percentiles, in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for percentiles that are equal.

    Notes
    -----
    ``s = (x - p_low) / (p_high - p_low)``, limited to 0..1 with clip; the result is
    ``s * (out_high - out_low) + out_low``.  With clip off and 3 and 99.8 percent this is the normalisation of
    CSBDeep [1]_, without the 1e-20 that CSBDeep adds to the denominator; with clip on, MONAI's
    ScaleIntensityRangePercentiles.

    References
    ----------
    .. [1] Weigert et al. (2018), Content-aware image restoration, Nature Methods 15:1090.
    """
    params = {"clip": clip, "out_low": out_low, "out_high": out_high}
    return by_formula(image, *percentile_rescale_formula(numbers, params))


def percentile_rescale_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return *_span(numbers), *([("clip", 0, 1)] if params["clip"] else []), *_to_range(params)


def clip_percentiles(*, low: ClipLow = 0.5, high: ClipHigh = 99.5) -> Accumulator:
    """Measure two percentiles, by NumPy's linear method."""
    return Percentiles(low=low, high=high)


def percentile_clip(image: Image, numbers: Numbers) -> Image:
    """Limit the values to two percentiles; they stay in their unit.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "low" and "high", the two percentiles, in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for percentiles that are equal.

    Notes
    -----
    ``clip(x, p_low, p_high)``.
    """
    return by_formula(image, *percentile_clip_formula(numbers, {}))


def percentile_clip_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return (("clip", numbers["low"], numbers["high"]),)


def mean_and_std() -> Accumulator:
    """Measure mean and standard deviation (ddof 0), from exact sums."""
    return Moments()


def zscore(image: Image, numbers: Numbers) -> Image:
    """Subtract the mean and divide by the standard deviation: (x - mean) / std.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "mean" and "std" of the population, in image units.

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
    ddof is 0, as in nnU-Net and MONAI; TorchIO divides by the std with ddof 1.
    """
    return by_formula(image, *zscore_formula(numbers, {}))


def zscore_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return ("-", numbers["mean"]), ("/", numbers["std"])


def foreground_statistics(*, low: ClipLow = 0.5, high: ClipHigh = 99.5) -> Accumulator:
    """Measure two percentiles, and mean and standard deviation (ddof 0) of the same voxels before any clipping."""
    return Together(Percentiles(low=low, high=high), Moments())


def ct_foreground(image: Image, numbers: Numbers) -> Image:
    """Limit CT to two percentiles of the training foreground, then z-score by the foreground's mean and std.

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "low", "high", "mean" and "std" of the foreground, in image units.

    Returns
    -------
    ndarray of the same shape, float32
        NaN where the image is NaN.

    Raises
    ------
    ValueError
        By the runner, for a foreground whose percentiles or voxels are all equal.

    Notes
    -----
    ``(clip(x, p_low, p_high) - mean) / max(std, 1e-8)``: nnU-Net's CTNormalization [1]_.  All four numbers come from
    the foreground voxels of the training set together, mean and std before clipping, and are the same for every scan:
    CT has a scale of its own, which a z-score per scan would throw away.

    In nnU-Net the foreground is whatever is labelled.  Here it is Otsu's, which parts the body from the air; to take
    another one put a mask step above and measure inside mask.

    References
    ----------
    .. [1] Isensee et al. (2021), nnU-Net, Nature Methods 18:203, supplementary note 2.
    """
    return by_formula(image, *ct_foreground_formula(numbers, {}))


def ct_foreground_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    limited = ("clip", numbers["low"], numbers["high"])
    return limited, ("-", numbers["mean"]), ("/", np.maximum(numbers["std"], _LEAST_STD))


def percentile_rule(params: Mapping[str, Any]) -> str | None:
    low, high = params["low"], params["high"]
    return None if low < high else f"low must be below high, got low {low:g} and high {high:g}"


def out_rule(params: Mapping[str, Any]) -> str | None:
    low, high = params["out_low"], params["out_high"]
    return None if low < high else f"out_low must be below out_high, got {low:g} and {high:g}"


def percentile_rescale_rule(params: Mapping[str, Any]) -> str | None:
    return percentile_rule(params) or out_rule(params)


def has_range(numbers: Mapping[str, float]) -> str | None:
    low, high = np.float32(numbers["low"]), np.float32(numbers["high"])
    return None if low < high else f"has nothing to scale: low and high are both {low:g}"


def has_spread(numbers: Mapping[str, float]) -> str | None:
    if np.float32(numbers["std"]) > 0:
        return None
    return f"has nothing to divide by: all measured voxels are {numbers['mean']:g}"


def has_foreground(numbers: Mapping[str, float]) -> str | None:
    return has_range(numbers) or has_spread(numbers)


def _span(numbers: Numbers) -> tuple[Operation, ...]:
    """0 at the measured low, 1 at the measured high."""
    return ("-", numbers["low"]), ("/", numbers["high"] - numbers["low"])


def _to_range(params: Mapping[str, Any]) -> tuple[Operation, ...]:
    """From 0 to 1 to out_low to out_high."""
    return ("*", params["out_high"] - params["out_low"]), ("+", params["out_low"])
