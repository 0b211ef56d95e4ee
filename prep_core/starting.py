"""Where to start: parameters for a new line that fit the values it will meet, instead of one default for all scans."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import percentiles
from prep_core.presets import presets_for
from prep_core.scan import Scan
from prep_core.steps import STEPS

_BODY_SPACING = (0.05, 20.0)
"""Voxel sizes in mm, for which lengths in mm are a good start."""

_TENTH: Mapping[str, str] = {"asinh": "scale", "bilateral": "sigma_value", "tv": "weight", "nlm": "h"}
"""Parameters whose default is made for values from 0 to 1: a tenth of their range."""


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
        Without what fits the values where the step does not allow it.
    """
    fitting = _fitting(step, scan, values, unit)
    return _lengths(step, scan) | (fitting if _allows(step, fitting) else {})


def _allows(step: str, fitting: dict[str, Any]) -> bool:
    try:
        STEPS[step].parse(fitting)
    except ValueError:
        return False
    return True


def _lengths(step: str, scan: Scan) -> dict[str, Any]:
    """Voxels, where the voxel size is unknown or so far from a millimetre that defaults for bodies mean nothing."""
    low, high = _BODY_SPACING
    for_bodies = scan.spacing_known and all(low <= side <= high for side in scan.spacing)
    return {"lengths_in": "px"} if "lengths_in" in STEPS[step].fields and not for_bodies else {}


def _fitting(step: str, scan: Scan, values: NDArray[Any], unit: str) -> dict[str, Any]:
    if step == "window":
        return _window(scan, values, unit)
    if step == "clip":
        low, high = _round_range(*percentiles(values, (0.1, 99.9)))
        return {"low": low, "high": high}
    if step == "invert":
        bits = scan.source.facts.get("bits_stored")
        return {"high": float(2**bits - 1) if bits and unit == scan.unit else float(np.max(values))}
    if step in ("rescale_range", "round_to"):
        return _ends(step, values, unit)
    if step in _TENTH:
        return _tenth(_TENTH[step], values)
    if step == "resample" and scan.spacing_known:
        finest = min(scan.spacing)
        return {"spacing": (finest,) * 3}
    if step == "crop_or_pad":
        return {"size": _next_size(scan), "fill": float(np.min(values))}
    if step == "lung_mask" and scan.modality in ("CR", "DX"):
        return {"method": "cxr", "lungs": "bright" if scan.display_inverted else "dark"}
    return _channels(step, scan)


def _next_size(scan: Scan) -> tuple[float, ...]:
    """The slices as they are, and planes to the next size that a network can halve five times."""
    return (0.0, *(math.ceil(scan.size(axis) / 32) * 32.0 for axis in "YX"))


def _channels(step: str, scan: Scan) -> dict[str, Any]:
    if step == "select_channels" and scan.channels:
        return {"names": ", ".join(scan.channels)}
    if step == "to_grey" and scan.size("C") != 3:
        return {"method": "mean"}
    return {}


def _ends(step: str, values: NDArray[Any], unit: str) -> dict[str, Any]:
    if step == "rescale_range":
        low, high = _round_range(*percentiles(values, (0.1, 99.9)))
        return {"in_low": low, "in_high": high}
    low, high = float(np.min(values)), float(np.max(values))
    if unit == "1" and 0 <= low <= high <= 1:
        return {}
    low, high = _round_range(low, high)
    return {"low": low, "high": high}


def _tenth(name: str, values: NDArray[Any]) -> dict[str, Any]:
    low, high = percentiles(values, (1.0, 99.0))
    return {name: float(f"{(high - low) / 10:.2g}")} if high > low else {}


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
