"""Pointwise arithmetic: magnitude, fixed rescaling, clipping, inversion."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np

from prep_core.kernels import bent
from prep_core.kernels.formula import by_formula
from prep_core.kernels.mapped import Operation
from prep_core.ops.image import Image, Numbers
from prep_core.param import P
from prep_core.scan import Scan


def magnitude(
    image: Image,
    *,
    power: Annotated[float, P("1 gives the amplitude, 2 the intensity (power).", (0.1, 4), soft=(1, 2))] = 2.0,
) -> Image:
    """Turn complex or signed values into amplitude or intensity: |z| ** power.

    Parameters
    ----------
    image : (...) complex64 or float32 ndarray

    Notes
    -----
    Raw OCT and ultrasound are complex amplitudes; what falls off exponentially with depth is the intensity, |z|^2.
    """
    amplitude = np.abs(image)
    if power == 1:
        return amplitude
    return np.square(amplitude) if power == 2 else bent.power(amplitude, power)


def rescale(
    image: Image,
    *,
    subtract: Annotated[float, P("Subtracted first.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    divide: Annotated[float, P("Divided by afterwards.", (1e-9, 1e9), "image units", soft=(0.1, 4096))] = 1.0,
) -> Image:
    """Subtract one fixed number and divide by another: (x - subtract) / divide.

    Parameters
    ----------
    image : (...) float32 ndarray

    Notes
    -----
    The fixed normalisation of many networks: (x - 127.5) / 127.5 for 8-bit pictures, x / 10000 for reflectance.
    """
    return by_formula(image, *rescale_formula({}, {"subtract": subtract, "divide": divide}))


def rescale_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return ("-", params["subtract"]), ("/", params["divide"])


def clip(
    image: Image,
    *,
    low: Annotated[float, P("Smaller values become this.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    high: Annotated[float, P("Larger values become this.", (-1e9, 1e9), "image units", soft=(-1000, 3000))] = 1.0,
) -> Image:
    """Limit the values to [low, high]; what lies outside is lost, what lies inside stays as it is.

    Parameters
    ----------
    image : (...) float32 ndarray

    Raises
    ------
    ValueError
        For low not below high.

    Notes
    -----
    min(max(x, low), high).  How many voxels lay below and above is counted.
    """
    return by_formula(image, *clip_formula({}, {"low": low, "high": high}))


def clip_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    return (("clip", params["low"], params["high"]),)


def clip_rule(params: Mapping[str, Any]) -> str | None:
    low, high = params["low"], params["high"]
    return None if low < high else f"low must be below high, got low {low:g} and high {high:g}"


def clip_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels were below and above the limits."""
    low, high = np.float32(params["low"]), np.float32(params["high"])
    return {
        "clipped_low": int(np.count_nonzero((before.data < low) & before.valid)),
        "clipped_high": int(np.count_nonzero((before.data > high) & before.valid)),
    }


def invert(
    image: Image,
    *,
    high: Annotated[
        float,
        P(
            "The value that becomes 0; 2 ** bits - 1 for stored X-ray values.",
            (-1e9, 1e9),
            "image units",
            soft=(0, 65535),
        ),
    ] = 255.0,
) -> Image:
    """Swap dark and bright: high - x.

    Parameters
    ----------
    image : (...) float32 ndarray

    Notes
    -----
    For MONOCHROME1 (DICOM PS3.3 C.7.6.3.1.2), whose lowest stored value is meant to be shown white.
    """
    return high - image
