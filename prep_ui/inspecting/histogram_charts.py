"""From values to linked charts: raw, linear and dB, each of which is a formula of the raw value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.binning import binned, decibel_binned
from prep_core.findings import Seen
from prep_core.inspection import FLOOR_DB, Histogram, Summary, linear_histogram, percentiles
from prep_core.linked import Bands, ends
from prep_core.scan import Scan
from prep_ui.histograms import Chart, Mark

Floats = NDArray[np.float64]

MARKED = (50.0, 99.9, 0.1)
"""Percentiles that are marked; where labels would touch, the first keeps its own."""
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

NO_DECIBELS = ("HU", "dB")
"""Units whose values have no meaning relative to a power."""


@dataclass(frozen=True)
class Decibels:
    """Decibels of a scan: relative to its 99.9th percentile, 10 or 20 a decade."""

    reference: float
    quantity: Literal["power", "amplitude"]

    @property
    def decade(self) -> float:
        return 10.0 if self.quantity == "power" else 20.0

    def of(self, raw: Floats) -> Floats:
        """NaN for what is not positive."""
        share = np.where(raw > 0, raw, np.nan) / self.reference
        level: Floats = np.maximum(self.decade * np.log10(share), FLOOR_DB)
        return level

    def raw(self, level: Floats) -> Floats:
        return self.reference * 10 ** (level / self.decade)


@dataclass(frozen=True, eq=False)
class Axis:
    """A chart whose values follow from the raw ones by a formula, and back."""

    chart: Chart
    from_raw: Callable[[Floats], Floats]
    to_raw: Callable[[Floats], Floats]


def decibels(scan: Scan, summary: Summary, anyway: bool = False) -> Decibels | None:
    """How values of `scan` are told in dB; None where they say little: HU, dB, or anything below zero.

    With `anyway` also of these the positive ones.
    """
    reference = summary.percentiles["99.9"]
    says_little = scan.unit in NO_DECIBELS or summary.min < 0
    if (says_little and not anyway) or reference <= 0:
        return None
    return Decibels(reference, "amplitude" if np.iscomplexobj(scan.data) else "power")


def noise_floor(scan: Scan, summary: Summary) -> float | None:
    """The noise of a scan in which it was found that decades lie above it; None for any other."""
    wide = any(finding.name == "wide_range" for finding in summary.findings)
    return Seen(scan).noise if wide else None


def raw_axis(values: NDArray[Any], unit: str, title: str, noise: float | None) -> Axis:
    """The values as they are, with the noise floor and the decades above it where the noise is known."""
    counted = binned(values, unit)
    marked = percentile_marks(values)
    chart = Chart("raw", title, counted, values.dtype.kind in "iub", (*marked, *_decades(noise, counted)), pane=0)
    return Axis(chart, lambda raw: raw, lambda raw: raw)


def linear_axis(raw: Chart, low: float, high: float) -> Axis:
    """The same bins after scaling low..high to 0..1."""
    span = (high - low) or 1.0
    marked = tuple(replace(mark, value=(mark.value - low) / span) for mark in raw.marks if mark.kind == "percentile")
    chart = Chart("linear", "linear, 0 to 1", linear_histogram(raw.counted, low, high), marks=marked)
    return Axis(chart, lambda value: (value - low) / span, lambda value: low + value * span)


def decibel_axis(values: NDArray[Any], scale: Decibels, marks: Sequence[Mark]) -> Axis | None:
    """The positive values in dB, with the `marks` of the raw ones; None where none is positive."""
    counted = decibel_binned(values, scale.reference, scale.quantity)
    if not counted.counts.any():
        return None
    shown = [mark for mark in marks if mark.kind != "decade" and mark.value > 0]
    levels = scale.of(np.array([mark.value for mark in shown]))
    marked = tuple(replace(mark, value=float(level)) for mark, level in zip(shown, levels, strict=True))
    if any(mark.kind == "floor" for mark in marks):
        marked += _decades_in_decibels(scale, counted)
    chart = Chart("decibel", "dB relative to p99.9", counted, marks=marked)
    return Axis(chart, scale.of, scale.raw)


def by_formula(axes: Sequence[Axis]) -> list[Chart]:
    """The charts, each with the bands of its bins in the others."""
    whole = axes[0].chart.whole
    linked = []
    for axis in axes:
        low, high = _ends_in_raw(axis, whole)
        bands = {
            other.chart.id: Bands.of(other.from_raw(low), other.from_raw(high)) for other in axes if other is not axis
        }
        linked.append(replace(axis.chart, bands=bands))
    return linked


def percentile_marks(values: NDArray[Any]) -> tuple[Mark, ...]:
    found = percentiles(values, MARKED)
    return tuple(Mark(f"p{percent:g}", value) for percent, value in zip(MARKED, found, strict=True))


def _ends_in_raw(axis: Axis, whole: bool) -> tuple[Floats, Floats]:
    edges = axis.to_raw(axis.chart.counted.edges)
    return ends(replace(axis.chart.counted, edges=edges), whole)


def _decades(noise: float | None, counted: Histogram) -> tuple[Mark, ...]:
    if noise is None:
        return ()
    first, last = np.floor(np.log10(noise)), np.ceil(np.log10(counted.edges[-1]))
    powers = tuple(
        Mark(_ten_to(int(power)), float(10.0**power), "decade") for power in np.arange(last - 1, first - 1, -1)
    )
    return (Mark("noise", noise, "floor"), *powers)


def _decades_in_decibels(scale: Decibels, counted: Histogram) -> tuple[Mark, ...]:
    count = int(-counted.edges[0] // scale.decade)
    return tuple(Mark(_ten_to(-n), -n * scale.decade, "decade") for n in range(1, count + 1))


def _ten_to(power: int) -> str:
    return "10" + str(power).translate(SUPERSCRIPT)
