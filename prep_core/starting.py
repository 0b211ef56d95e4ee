"""Where to start: parameters for a new line that fit the values it will meet, instead of one default for all scans."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import percentiles
from prep_core.param import Field
from prep_core.presets import presets_for
from prep_core.scan import Scan
from prep_core.steps import STEPS


def starting_values(step: str, scan: Scan, values: NDArray[Any], unit: str) -> dict[str, Any]:
    """Parameters of `step` to begin with; those not named keep their defaults.

    Parameters
    ----------
    scan : Scan
        As it was loaded: its own windows, bits and spacing.
    values : 1-D ndarray
        Some of the valid values that the line will meet: real, finite, in `unit`.

    Returns
    -------
    dict
        Empty where what fits the values lies outside the limits of the step.
    """
    fitting = _fitting(step, scan, values, unit)
    fields = STEPS[step].fields
    return fitting if all(_allows(fields[name], value) for name, value in fitting.items()) else {}


def _allows(field: Field, value: Any) -> bool:
    if isinstance(value, str):
        return value in field.choices
    low, high = field.p.limits or (-math.inf, math.inf)
    return all(low <= part <= high for part in (value if field.length else (value,)))


def _fitting(step: str, scan: Scan, values: NDArray[Any], unit: str) -> dict[str, Any]:
    if step == "window":
        return _window(scan, values, unit)
    if step == "clip":
        low, high = _round_range(*percentiles(values, (0.1, 99.9)))
        return {"low": low, "high": high}
    if step == "invert":
        bits = scan.source.facts.get("bits_stored")
        return {"high": float(2**bits - 1) if bits and unit == scan.unit else float(np.max(values))}
    if step == "resample" and scan.spacing_known:
        finest = min(scan.spacing)
        return {"spacing": (finest,) * 3}
    return {}


def _window(scan: Scan, values: NDArray[Any], unit: str) -> dict[str, Any]:
    presets = presets_for("window", scan, unit)
    own = [preset for preset in presets if preset.source == "this scan"]
    if own or unit == "HU":
        return dict(own[0].params) if own else {}
    low, high = _round_range(*percentiles(values, (1.0, 99.0)))
    return {"center": (low + high) / 2, "width": high - low}


def _round_range(low: float, high: float) -> tuple[float, float]:
    """`low` and `high` moved outwards to two significant digits of their distance."""
    if high <= low:
        return low, low + 1.0
    digit = 10.0 ** (math.floor(math.log10(high - low)) - 1)
    return math.floor(low / digit) * digit, math.ceil(high / digit) * digit
