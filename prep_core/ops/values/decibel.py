"""Decibels relative to a reference."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np

from prep_core.kernels.formula import by_formula
from prep_core.kernels.logarithm import logarithm
from prep_core.kernels.mapped import Operation
from prep_core.measure import Accumulator, Fixed, Percentiles
from prep_core.ops.image import Image, Numbers
from prep_core.param import P
from prep_core.scan import Scan


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

    Parameters
    ----------
    image : (...) float32 ndarray
    numbers : mapping
        "reference": the value that becomes 0 dB, in image units.

    Raises
    ------
    ValueError
        For a measured reference that is not above 0.

    Notes
    -----
    max(10 log10(x / reference), floor_db); 20 instead of 10 for an amplitude.  Doubling the gain adds 3.01 dB (power)
    against a fixed or frozen reference, and changes nothing when the reference is measured on the same scan.  Values
    at or below the floor are set to `floor_db` and counted.
    """
    return by_formula(image, *decibel_formula(numbers, {"quantity": quantity, "floor_db": floor_db}))


def decibel_formula(numbers: Numbers, params: Mapping[str, Any]) -> tuple[Operation, ...]:
    decade = 10 if params["quantity"] == "power" else 20
    return (logarithm(10, times=decade, over=numbers["reference"], floor=params["floor_db"]),)


def decibel_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many voxels lie at the floor."""
    return {"at_floor": int(np.count_nonzero((after.data <= np.float32(params["floor_db"])) & after.valid))}


def positive_reference(numbers: Mapping[str, float]) -> str | None:
    value = np.float32(numbers["reference"])
    if 0 < value < np.inf:
        return None
    return (
        f"has a measured reference of {value:g}, and it must be above 0; "
        "measure inside positive, or put magnitude above it"
    )
