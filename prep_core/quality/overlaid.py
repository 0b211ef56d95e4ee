"""Histograms of many scans over each other: all counted between the same edges."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from prep_core.fitting import Progress
from prep_core.inspection import Summary, percentiles, valid_values
from prep_core.scan import Scan
from prep_core.training_set import TrainingSet

BINS = 200
FEWEST_DECADES = 2.0
"""From here on, values that are nowhere negative are worth an axis in dB."""

MANY_DECADES = 4.0

_DEEPEST_DB = 120


@dataclass(frozen=True)
class Ends:
    """Where the values of one scan lie.

    Attributes
    ----------
    low, high : the 0.1 and the 99.9 percentile
    least : the smallest value
    faint : the 0.1 percentile of the positive values; None where there is none
    whole : whether they are stored as integers
    decade : dB that a factor of ten makes: 10, or 20 for the magnitude of complex values
    """

    low: float
    high: float
    least: float
    faint: float | None
    whole: bool
    decade: int


@dataclass(frozen=True)
class Axis:
    """Bins of equal width from `low` to `high`; with a `reference`, in dB relative to it."""

    low: float
    high: float
    bins: int
    unit: str
    reference: float | None = None
    decade: int = 10

    @property
    def centres(self) -> NDArray[np.float64]:
        """(bins,) the middle of each bin."""
        edges = np.linspace(self.low, self.high, self.bins + 1)
        middles: NDArray[np.float64] = (edges[:-1] + edges[1:]) / 2
        return middles


@dataclass(frozen=True)
class Overlaid:
    """The histograms of several scans on one axis.

    Attributes
    ----------
    shares : by the name of the scan, the (bins,) shares of its valid voxels
    """

    axis: Axis
    shares: Mapping[str, NDArray[np.float64]]

    @property
    def beyond(self) -> float:
        """The largest share of a scan that lies beyond the ends of the axis."""
        return max((1 - float(shares.sum()) for shares in self.shares.values()), default=0.0)


def wide(scans: Sequence[Summary]) -> bool:
    """Whether scans are nowhere negative and usually span so many decades that a linear axis shows nothing."""
    decades = [scan.decades for scan in scans if scan.decades is not None and scan.min >= 0]
    return len(decades) == len(scans) > 0 and float(np.median(decades)) >= MANY_DECADES


def raw_charts(scans: TrainingSet, tell: Callable[[Progress], None] = lambda _: None) -> tuple[Overlaid, ...]:
    """The histograms of the values as they are: on a linear axis, and in dB where that makes sense.

    Each scan is looked at twice.
    """
    ends: list[Ends] = []
    units: list[str] = []
    for i, (end, unit) in enumerate(scans.each(_ends_and_unit), start=1):
        ends.append(end)
        units.append(unit)
        tell(Progress("range of each scan", i))
    in_db = decibel_axis(ends)
    axes = (linear_axis(ends, units[0]), *([in_db] if in_db else []))
    shares: dict[str, list[NDArray[np.float64]]] = {}
    for i, (name, found) in enumerate(scans.each(partial(_named_shares, axes)), start=1):
        shares[name] = found
        tell(Progress("histograms", i))
    return tuple(Overlaid(axis, {name: found[i] for name, found in shares.items()}) for i, axis in enumerate(axes))


def ends_of(scan: Scan) -> Ends:
    """Where the valid voxels of `scan` lie.

    Raises
    ------
    ValueError
        When there is none.
    """
    values = valid_values(scan)
    least, low, high = percentiles(values, (0.0, 0.1, 99.9))
    positive = values[values > 0] if least <= 0 else values
    faint = percentiles(positive, (0.1,))[0] if positive.size else None
    decade = 20 if np.iscomplexobj(scan.data) else 10
    return Ends(low, high, least, faint, values.dtype.kind in "iub", decade)


def linear_axis(ends: Sequence[Ends], unit: str) -> Axis:
    """An axis that holds 99.8 % of each scan at least.

    Bins of integers are whole and equally wide, so that no false comb appears.
    """
    low, high = min(e.low for e in ends), max(e.high for e in ends)
    if all(e.whole for e in ends):
        low, high = math.floor(low), math.ceil(high)
        width = max(1, math.ceil((high - low + 1) / BINS))
        bins = math.ceil((high - low + 1) / width)
        return Axis(low - 0.5, low - 0.5 + bins * width, bins, unit)
    # The last bin takes in its upper end; a histogram needs some width, also where all values are the same.
    return Axis(low, high if high > low else low + max(abs(low), 1) * 1e-3, BINS, unit)


def decibel_axis(ends: Sequence[Ends]) -> Axis | None:
    """An axis in dB relative to the largest 99.9 percentile; None where values are negative or span few decades."""
    faint = [e.faint for e in ends if e.faint]
    reference = max(e.high for e in ends)
    if min(e.least for e in ends) < 0 or not faint or reference <= 0:
        return None
    decades = math.log10(reference) - math.log10(min(faint))
    if decades < FEWEST_DECADES:
        return None
    decade = max(e.decade for e in ends)
    low = -min(math.ceil(decade * decades), _DEEPEST_DB)
    return Axis(low, 5.0, BINS, "dB", reference, decade)


def shares_on(axis: Axis, scan: Scan) -> NDArray[np.float64]:
    """(bins,) shares of the valid voxels of `scan`, complex ones by their magnitude; what has no dB is in no bin."""
    values = valid_values(scan)
    placed = values
    if axis.reference is not None:
        placed = axis.decade * np.log10(values[values > 0].astype(np.float64) / axis.reference)
    counts = np.histogram(placed, axis.bins, (axis.low, axis.high))[0]
    shares: NDArray[np.float64] = counts / values.size
    return shares


def _ends_and_unit(scan: Scan) -> tuple[Ends, str]:
    return ends_of(scan), scan.unit


def _named_shares(axes: Sequence[Axis], scan: Scan) -> tuple[str, list[NDArray[np.float64]]]:
    return scan.name, [shares_on(axis, scan) for axis in axes]
