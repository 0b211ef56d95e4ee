"""Pointwise steps that change what a value says, with numbers that a person chooses."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.measure import Accumulator, Fixed, Percentiles
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
    return np.square(amplitude) if power == 2 else amplitude**power


def rescale(
    image: Image,
    *,
    subtract: Annotated[float, P("Subtracted first.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    divide: Annotated[float, P("Divided by afterwards.", (1e-9, 1e9), "image units", soft=(0.1, 4096))] = 1.0,
) -> Image:
    """Subtract one fixed number and divide by another: (x - subtract) / divide.

    Notes
    -----
    The fixed normalisation of many networks: (x - 127.5) / 127.5 for 8-bit pictures, x / 10000 for reflectance.
    """
    return (image - subtract) / divide


def clip(
    image: Image,
    *,
    low: Annotated[float, P("Smaller values become this.", (-1e9, 1e9), "image units", soft=(-1000, 1000))] = 0.0,
    high: Annotated[float, P("Larger values become this.", (-1e9, 1e9), "image units", soft=(-1000, 3000))] = 1.0,
) -> Image:
    """Limit the values to [low, high]; what lies outside is lost, what lies inside stays as it is."""
    return np.clip(image, low, high)


def clip_rule(params: Mapping[str, Any]) -> str | None:
    low, high = params["low"], params["high"]
    return None if low < high else f"low must be below high, got low {low:g} and high {high:g}"


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

    Notes
    -----
    For MONOCHROME1 (DICOM PS3.3 C.7.6.3.1.2), whose lowest stored value is meant to be shown white.
    """
    return high - image


def window(
    image: Image,
    *,
    center: Annotated[float, P("Value shown as mid-grey.", (-1e6, 1e6), "image units", soft=(-200, 400))] = 40.0,
    width: Annotated[float, P("Span from black to white.", (1e-3, 1e6), "image units", soft=(1, 2000))] = 400.0,
    function: Annotated[Literal["linear_exact", "linear", "sigmoid"], P("DICOM VOI LUT function.")] = "linear_exact",
) -> Image:
    """Map a span of values around a centre to [0, 1] and clip what lies outside.

    Notes
    -----
    DICOM PS3.3 C.11.2.1.2 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (linear_exact), with an output from 0 to 1:

    - linear: (x - (center - 0.5)) / (width - 1) + 0.5, a threshold at center - 0.5 for width 1
    - linear_exact: (x - center) / width + 0.5
    - sigmoid: 1 / (1 + exp(-4 (x - center) / width))
    """
    if function == "sigmoid":
        # Beyond +-80 the float32 exponential overflows, and the answer is 0 or 1 to its last bit anyway.
        return 1 / (1 + np.exp(np.clip(-4 * (image - center) / width, -80, 80)))
    if function == "linear" and width == 1:
        return (image > center - 0.5).astype(np.float32)
    if function == "linear":
        return np.clip((image - (center - 0.5)) / (width - 1) + 0.5, 0, 1)
    return np.clip((image - center) / width + 0.5, 0, 1)


def window_rule(params: Mapping[str, Any]) -> str | None:
    if params["function"] == "linear" and params["width"] < 1:
        return f"width must be at least 1 for function linear (DICOM PS3.3 C.11.2.1.2), got {params['width']:g}"
    return None


def log(
    image: Image,
    *,
    base: Annotated[Literal["e", "2", "10"], P("Base of the logarithm.")] = "e",
    offset: Annotated[
        float, P("Added first, so that zeros stay finite.", (0, 1e9), "image units", soft=(0, 100))
    ] = 1.0,
) -> Image:
    """Take the logarithm of the values: log(x + offset).

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is not above -offset.
    """
    function = {"e": np.log, "2": np.log2, "10": np.log10}[base]
    shifted: Image = function(image + np.float32(offset))
    return shifted


def log_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    """The values that have a finite logarithm once the offset is added in float32."""
    offset = np.float32(params["offset"])
    smallest = np.nextafter(-offset, np.float32(np.inf))
    return float(smallest), float(np.finfo(np.float32).max)


def gamma(
    image: Image,
    *,
    gamma: Annotated[
        float, P("Below 1 brightens the dark parts, above 1 darkens them.", (0.01, 100), soft=(0.2, 5))
    ] = 1.0,
) -> Image:
    """Raise values between 0 and 1 to a power: x ** gamma.

    Raises
    ------
    ValueError
        By the runner, where a valid voxel is outside 0 to 1; put a window or a rescale above.
    """
    return np.power(image, np.float32(gamma))


def gamma_legal(params: Mapping[str, Any]) -> tuple[float, float]:
    return 0.0, 1.0


def decibel_reference(
    *,
    reference: Annotated[Literal["percentile", "fixed", "maximum"], P("What counts as 0 dB.")] = "percentile",
    percentile: Annotated[
        float, P("Percentile that becomes 0 dB.", (0, 100), "%", soft=(90, 100), when=("reference", "percentile"))
    ] = 99.9,
    value: Annotated[
        float,
        P(
            "Value that becomes 0 dB when the reference is fixed.",
            (1e-12, 1e12),
            "image units",
            soft=(1, 65535),
            when=("reference", "fixed"),
        ),
    ] = 1.0,
) -> Accumulator:
    """Measure the reference of `decibel`, unless it is fixed."""
    if reference == "fixed":
        return Fixed(reference=value)
    return Percentiles(reference=percentile if reference == "percentile" else 100.0)


def decibel(
    image: Image,
    numbers: Numbers,
    *,
    quantity: Annotated[Literal["power", "amplitude"], P("power counts 10 dB a decade, amplitude 20 dB.")] = "power",
    floor_db: Annotated[
        float, P("Smallest result; zeros and negatives become this.", (-400, 0), "dB", soft=(-160, 0))
    ] = -120.0,
) -> Image:
    """Express values in decibel relative to a reference: 10 log10(I / I_ref), 20 log10 for amplitudes.

    Notes
    -----
    Doubling the gain adds 3.01 dB (power) against a fixed or frozen reference, and changes nothing when the reference
    is measured on the same scan.  Values at or below the floor are set to `floor_db` and counted.
    """
    decade = 10 if quantity == "power" else 20
    ratio = image / numbers["reference"]
    smallest = np.float32(10 ** max(floor_db / decade, -37))
    level: Image = decade * np.log10(np.maximum(ratio, smallest))
    return np.maximum(level, np.float32(floor_db))


def decibel_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels lie at the floor."""
    return {"at_floor": int(np.count_nonzero(after.data <= np.float32(params["floor_db"])))}


def positive_reference(numbers: Mapping[str, float]) -> str | None:
    value = numbers["reference"]
    if value > 0 and math.isfinite(value):
        return None
    return (
        f"the measured reference is {value:g} and must be above 0; measure inside positive, or take the magnitude first"
    )
