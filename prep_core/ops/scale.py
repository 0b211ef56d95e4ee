"""Pointwise steps that bring a scan to a common scale with numbers measured on a reference population."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from prep_core.measure import Accumulator, Moments, Percentiles
from prep_core.ops.image import Image, Numbers
from prep_core.param import P

OutLow = Annotated[float, P("Smallest result.", (-1e6, 1e6), soft=(-1, 1))]
OutHigh = Annotated[float, P("Largest result.", (-1e6, 1e6), soft=(0, 255))]


def extremes() -> Accumulator:
    """Measure the smallest and the largest value."""
    return Percentiles(low=0.0, high=100.0)


def minmax(image: Image, numbers: Numbers, *, out_low: OutLow = 0.0, out_high: OutHigh = 1.0) -> Image:
    """Map the smallest measured value to out_low and the largest to out_high.

    Notes
    -----
    One hot pixel decides the whole scale; percentile_rescale is the robust form.
    """
    return _span(image, numbers) * (out_high - out_low) + out_low


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

    Notes
    -----
    With clip off and 3 and 99.8 percent this is the normalisation of CSBDeep (Weigert et al., Nature Methods 15:1090,
    2018); with clip on, MONAI's ScaleIntensityRangePercentiles.
    """
    span = _span(image, numbers)
    return (np.clip(span, 0, 1) if clip else span) * (out_high - out_low) + out_low


def clip_percentiles(
    *,
    low: Annotated[float, P("Values below this percentile become it.", (0, 100), "%", soft=(0, 10))] = 0.5,
    high: Annotated[float, P("Values above this percentile become it.", (0, 100), "%", soft=(90, 100))] = 99.5,
) -> Accumulator:
    """Measure two percentiles, by NumPy's linear method."""
    return Percentiles(low=low, high=high)


def percentile_clip(image: Image, numbers: Numbers) -> Image:
    """Limit the values to two percentiles; they stay in their unit."""
    return np.clip(image, numbers["low"], numbers["high"])


def mean_and_std() -> Accumulator:
    """Measure mean and standard deviation (ddof 0), in float64."""
    return Moments()


def zscore(image: Image, numbers: Numbers) -> Image:
    """Subtract the mean and divide by the standard deviation: (x - mean) / std.

    Notes
    -----
    ddof is 0, as in nnU-Net and MONAI; TorchIO divides by the std with ddof 1.
    """
    score: Image = (image - numbers["mean"]) / numbers["std"]
    return score


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
    return None if low < high else f"nothing to scale: low and high are both {low:g}"


def has_spread(numbers: Mapping[str, float]) -> str | None:
    return (
        None if np.float32(numbers["std"]) > 0 else f"nothing to divide by: all measured voxels are {numbers['mean']:g}"
    )


def _span(image: Image, numbers: Numbers) -> Image:
    """0 at the measured low, 1 at the measured high."""
    span: Image = (image - numbers["low"]) / (numbers["high"] - numbers["low"])
    return span
