"""Which parameters of a line are values of what enters it, so that they can be set by dragging on its histogram."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.linked import PERCENTS
from prep_core.measuring import Measured
from prep_core.param import Field
from prep_ui.histograms import Steer
from prep_ui.tune.widgets import IMAGE_UNITS

PAIRS = (("low", "high"), ("in_low", "in_high"), ("low_percentile", "high_percentile"))
SINGLES = ("percentile", "threshold")
AXIS_UNITS = (IMAGE_UNITS, "HU", "%")
"""Units in which a parameter is a place on the axis of the values, or a percentile of them."""


@dataclass(frozen=True)
class Steered:
    """The parameters of a line that are steered, and whether they are percentiles."""

    names: tuple[str, ...]
    percents: bool = False


def steered(line: Line) -> Steered | None:
    """The parameters of `line` that lie on the axis of what enters it; None where it has none."""
    fields = {name: field for name, field in line.spec.fields.items() if _on_the_axis(line, field)}
    if {"center", "width"} <= fields.keys():
        return Steered(("center", "width"))
    found = next((pair for pair in PAIRS if set(pair) <= fields.keys()), ())
    names = found or tuple(name for name in SINGLES if name in fields)[:1]
    return Steered(names, fields[names[0]].p.unit == "%") if names else None


def _on_the_axis(line: Line, field: Field) -> bool:
    when = field.p.when
    return field.p.unit in AXIS_UNITS and (when is None or line.params[when[0]] == when[1])


def steer(
    line: Line,
    uid: int,
    number: int,
    chart: str,
    curve: NDArray[np.float64] | None = None,
    measured: Measured | None = None,
) -> Steer | None:
    """The handles of `line` on the histogram `chart`; None where it has none.

    Parameters
    ----------
    curve : (n,) ndarray or None
        Percentiles at `prep_core.linked.PERCENTS` of what the line measures; percentiles cannot be steered without.
    measured : Measured or None
        What the line measured: there a percentile lies exactly.
    """
    found = steered(line)
    if found is None or (found.percents and curve is None):
        return None
    params, words = line.params, f"line {number}, {line.step}"
    now = tuple(float(params[name]) for name in found.names)
    limits = line.spec.fields[found.names[0]].p.limits or (-1e9, 1e9)
    if found.names == ("center", "width"):
        extra = 0.5 if params["function"] == "linear" else 0.0
        at = window_ends(params["center"], params["width"], extra)
        return Steer(chart, uid, words, found.names, now, at, "window", limits, extra, number)
    if not found.percents or curve is None:
        return Steer(chart, uid, words, found.names, now, now, "values", limits)
    at = tuple(_place(params[name], _number(measured, name, line), curve) for name in found.names)
    percents, values = tuple(map(float, PERCENTS)), tuple(map(float, curve))
    return Steer(chart, uid, words, found.names, now, at, "percents", limits, percents=percents, values=values)


def window_ends(center: float, width: float, extra: float) -> tuple[float, ...]:
    """The values that a window takes to black and to white: DICOM PS3.3 C.11.2.1.2.1 with 0.5, C.11.2.1.3 with 0."""
    return center - width / 2, center + width / 2 - 2 * extra


def values_of(found: Steered, asked: Mapping[str, Any]) -> dict[str, float]:
    """The parameters in what the browser asks for: only those that are steered, only numbers."""
    return {name: float(asked[name]) for name in found.names if isinstance(asked.get(name), int | float)}


def _number(measured: Measured | None, name: str, line: Line) -> float | None:
    """What was measured for the percentile `name`: "low" for low_percentile, the reference for decibel."""
    known = measured.numbers if measured else {}
    value = known.get("reference" if line.step == "decibel" else name.removesuffix("_percentile"))
    return value if isinstance(value, float) else None


def _place(percent: float, exact: float | None, curve: NDArray[np.float64]) -> float:
    return float(np.interp(percent, PERCENTS, curve)) if exact is None else exact
