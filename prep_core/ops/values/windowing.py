"""Pointwise steps that map a span of values, which a person chooses, to a span of results."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.kernels.bent import sigmoid
from prep_core.kernels.formula import by_formula
from prep_core.kernels.mapped import Operation
from prep_core.ops.image import Image, Numbers
from prep_core.param import P

NARROWEST = 1e-9
"""Smallest span that a float32 result survives: the largest values stay finite when divided by it."""


def window(
    image: Image,
    *,
    center: Annotated[float, P("Value shown as mid-grey.", (-1e6, 1e6), "image units", soft=(-200, 400))] = 40.0,
    width: Annotated[float, P("Span from black to white.", (1e-3, 1e6), "image units", soft=(1, 2000))] = 400.0,
    function: Annotated[Literal["linear_exact", "linear", "sigmoid"], P("DICOM VOI LUT function.")] = "linear_exact",
) -> Image:
    """Map a span of values around a centre to [0, 1] and clip what lies outside.

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        For function linear with a width below 1.

    Notes
    -----
    DICOM PS3.3 C.11.2.1.2 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (linear_exact), with an output from 0 to 1:

    - linear: (x - (center - 0.5)) / (width - 1) + 0.5, a threshold at center - 0.5 for width 1
    - linear_exact: (x - center) / width + 0.5
    - sigmoid: 1 / (1 + exp(-4 (x - center) / width))
    """
    if function == "sigmoid":
        return sigmoid(image, center, width)
    if function == "linear" and width == 1:
        return (image > center - 0.5).astype(np.float32)
    return by_formula(image, *window_formula({}, {"center": center, "width": width, "function": function}))


def window_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    center, width, function = params["center"], params["width"], params["function"]
    if function == "sigmoid" or (function == "linear" and width == 1):
        return ()
    if function == "linear":
        center, width = center - 0.5, width - 1
    return ("-", center), ("/", width), ("+", 0.5), ("clip", 0, 1)


def window_rule(params: Mapping[str, Any]) -> str | None:
    if params["function"] == "linear" and params["width"] < 1:
        return f"width must be at least 1 for function linear (DICOM PS3.3 C.11.2.1.2), got {params['width']:g}"
    return None


def rescale_range(
    image: Image,
    *,
    in_low: Annotated[float, P("Value that becomes out_low.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    in_high: Annotated[float, P("Value that becomes out_high.", (-1e9, 1e9), "image units", soft=(-1000, 3000))] = 1.0,
    out_low: Annotated[float, P("Smallest result.", (-1e6, 1e6), soft=(-1, 1))] = 0.0,
    out_high: Annotated[float, P("Largest result.", (-1e6, 1e6), soft=(0, 255))] = 1.0,
    clip: Annotated[bool, P("Limit the result to out_low and out_high.")] = True,
) -> Image:
    """Map a range of values that you name to a range of results, in a straight line.

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        For in_low not below in_high, or out_low not below out_high.

    Notes
    -----
    (x - in_low) / (in_high - in_low) * (out_high - out_low) + out_low, and with clip on no result lies outside
    out_low and out_high.  Nothing is measured: the same value becomes the same result in every scan, which is what
    a calibrated unit (HU, reflectance) deserves.

    References
    ----------
    ``skimage.exposure.rescale_intensity`` with both ranges given; MONAI's ScaleIntensityRange.
    """
    limits = {"in_low": in_low, "in_high": in_high, "out_low": out_low, "out_high": out_high}
    return by_formula(image, *rescale_range_formula({}, {**limits, "clip": clip}))


def rescale_range_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    in_low, in_high, out_low, out_high = (params[name] for name in ("in_low", "in_high", "out_low", "out_high"))
    line = (("-", in_low), ("/", in_high - in_low), ("*", out_high - out_low), ("+", out_low))
    return (*line, ("clip", out_low, out_high)) if params["clip"] else line


def rescale_range_rule(params: Mapping[str, Any]) -> str | None:
    return span_rule(params, "in_low", "in_high") or span_rule(params, "out_low", "out_high")


def span_rule(params: Mapping[str, Any], low: str, high: str) -> str | None:
    """Complain unless the parameter named `low` is below the one named `high`, by enough to divide by."""
    if params[high] - params[low] >= NARROWEST:
        return None
    return f"{low} must be below {high} by at least {NARROWEST:g}, got {params[low]:g} and {params[high]:g}"
