"""Histograms of the same voxels, linked: which values those of one bin have before and after other lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.inspection import Histogram, percentiles
from prep_core.line import Line
from prep_core.measure import groups, split_sizes
from prep_core.measuring import prepared, spread
from prep_core.running import Done
from prep_core.scan import Scan

Floats = NDArray[np.float64]

_TAIL = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
PERCENTS = (*_TAIL, *(float(p) for p in range(1, 100)), *(100 - p for p in reversed(_TAIL)))
"""Where `quantiles` looks: closer together at the ends, where limits are."""


@dataclass(frozen=True, eq=False)
class Bands:
    """For each bin of one histogram, the smallest and the largest value of its voxels in another quantity.

    Attributes
    ----------
    low, high : (bins,) ndarray
        NaN for a bin that says nothing.
    """

    low: Floats
    high: Floats

    @classmethod
    def of(cls, one: Floats, other: Floats) -> "Bands":
        """From the two ends of each bin, in either order."""
        return cls(np.fmin(one, other), np.fmax(one, other))


def ends(histogram: Histogram, whole: bool) -> tuple[Floats, Floats]:
    """The first and the last value of each bin; of integers these are whole numbers, else the edges."""
    low, high = histogram.edges[:-1], histogram.edges[1:]
    return (np.ceil(low), np.ceil(high) - 1) if whole else (low, high)


def bin_of(histogram: Histogram, values: NDArray[Any]) -> NDArray[np.intp]:
    """Which bin each value is counted in, as `numpy.histogram` does; -1 for a value outside, and for NaN."""
    edges, last = histogram.edges, len(histogram.counts) - 1
    known = (values >= edges[0]) & (values <= edges[-1])
    if not np.allclose(np.diff(edges), edges[1] - edges[0], rtol=1e-6, atol=0):
        at = np.minimum(np.searchsorted(edges, values, side="right") - 1, last)
        return np.where(known, at, -1)
    # Bins of equal width need no search, which would take four times as long; rounding is mended at the edges.
    share = (np.where(known, values, edges[0]) - edges[0]) * ((last + 1) / (edges[-1] - edges[0]))
    at = np.minimum(share.astype(np.intp), last)
    at -= values < edges[at]
    at += (values >= edges[at + 1]) & (at < last)
    return np.where(known, at, -1)


def by_voxels(at: NDArray[np.intp], bins: int, there: NDArray[Any]) -> Bands:
    """What the voxels of each bin have in another quantity.

    Parameters
    ----------
    at : (n,) ndarray
        The bin of each voxel, as `bin_of` gives it.
    there : (n,) ndarray
        What the same voxels have there, in the same order; NaN for those that have nothing.
    """
    # One bin more, for what lies in none.
    low, high = np.full(bins + 1, np.inf), np.full(bins + 1, -np.inf)
    np.fmin.at(low, at, there)
    np.fmax.at(high, at, there)
    low, high = low[:-1], high[:-1]
    empty = low > high
    return Bands(np.where(empty, np.nan, low), np.where(empty, np.nan, high))


def through(lines: Sequence[Done], plane: Scan, values: Floats) -> Floats | None:
    """What `lines`, carried out on `plane`, make of other `values`; None unless each is one function of the value.

    Parameters
    ----------
    values : (n,) ndarray
        Within the range of the values of `plane`, so that the lines have an answer.
    """
    if not all(is_function(done.line) for done in lines):
        return None
    shape = (1,) * (plane.data.ndim - 1) + (values.size,)
    data = values.astype(np.float32).reshape(shape)
    row = replace(plane, data=data, valid=np.ones(shape, bool), mask=None)
    for done in lines:
        row = carried_out(done.line, spread(done.line, done.measured, row), row)
    return row.data.reshape(-1).astype(np.float64)


def is_function(line: Line) -> bool:
    """Whether equal values become equal values, wherever they lie."""
    spec = line.spec
    return (
        spec.domain_of(line.params) == "voxel"
        and spec.gives == "pixels"
        and line.per == "all"
        and not spec.asks & {"spacing", "valid", "inside"}
    )


def quantiles(line: Line, scan: Scan, at: dict[str, int]) -> Floats:
    """Percentiles at `PERCENTS` of the voxels that `line` measures on `scan`, which is what enters it.

    Of a population in parts, those of the part that the plane at the indices `at` belongs to.

    Raises
    ------
    ValueError
        Where no voxel is inside.
    """
    seen, inside = prepared(line, scan)
    sizes = split_sizes(seen, line.per)
    place = tuple(min(at.get(axis, 0), size - 1) for axis, size in zip(seen.axes, sizes, strict=True))
    wanted = int(np.ravel_multi_index(place, sizes))
    values = next(part for i, part in enumerate(groups(seen, line.per, inside)) if i == wanted)
    if not values.size:
        raise ValueError(f"{line.step} has no voxels to measure inside {inside}")
    return np.array(percentiles(values, PERCENTS))
