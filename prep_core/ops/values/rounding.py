"""Round values to a number of grey levels: what fewer bits would lose."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.formula import by_formula
from prep_core.ops.image import Image
from prep_core.ops.values.windowing import span_rule
from prep_core.param import P
from prep_core.scan import Scan


def round_to(
    image: Image,
    *,
    levels: Annotated[
        int, P("Grey levels to keep: 256 for 8 bits, 4096 for 12, 65536 for 16.", (2, 65536), soft=(2, 4096))
    ] = 256,
    low: Annotated[
        float, P("The lowest level; smaller values become this.", (-1e9, 1e9), "image units", soft=(-1000, 1000))
    ] = 0.0,
    high: Annotated[
        float, P("The highest level; larger values become this.", (-1e9, 1e9), "image units", soft=(-1000, 3000))
    ] = 1.0,
) -> Image:
    """Round to evenly spaced grey levels between low and high, to see what storing fewer bits would lose.

    Parameters
    ----------
    image : (...) float32 ndarray

    Returns
    -------
    ndarray of the same shape, float32
        In the same unit, at most `levels` different values.

    Raises
    ------
    ValueError
        For low not below high.

    Notes
    -----
    With s = (high - low) / (levels - 1): low + s round((clip(x, low, high) - low) / s), halves to the even level.
    Inside the range a value moves by s / 2 at most.  With low 0, high 1 and 256 levels it is what a scan from 0 to 1
    becomes in an 8-bit picture and back.  The levels in use before and after, and the clipped voxels, are counted.
    """
    step = (high - low) / (levels - 1)
    level = (("clip", low, high), ("-", low), ("/", step), ("round",))
    return by_formula(image, *level, ("*", step), ("+", low), ("clip", low, high))


def round_rule(params: Mapping[str, Any]) -> str | None:
    return span_rule(params, "low", "high")


def round_tally(before: Scan, after: Scan, params: Mapping[str, Any]) -> dict[str, float]:
    """How many different values there were and are, and how many voxels lay outside the range."""
    old = _values(before)
    outside = (old < params["low"]) | (old > params["high"])
    levels = {name: int(np.unique_values(values).size) for name, values in round_levels(before, after).items()}
    return {**levels, "clipped": int(np.count_nonzero(outside))}


def round_levels(before: Scan, after: Scan) -> dict[str, NDArray[Any]]:
    """The values that count as levels."""
    return {"levels_before": _values(before), "levels_after": _values(after)}


def _values(scan: Scan) -> NDArray[Any]:
    return scan.data if scan.all_valid else scan.data[scan.valid]
