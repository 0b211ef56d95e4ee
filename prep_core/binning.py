"""Bins by what the values are: whole numbers and their multiples never fall into bins of unequal numbers of levels."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import BINS, Histogram, decibel_histogram, raw_histogram

LEVELS = 1024
"""Values with more levels than this are looked at as continuous."""

_TRIED = 4096
"""Values looked at first: in most scans they have too many levels already."""


def binned(values: NDArray[Any], unit: str, bins: int = BINS) -> Histogram:
    """Counts over the whole range, in bins of the same whole number of levels where the values are equally spaced.

    Integers are, and so is what a pointwise line makes of them if it is linear.

    Parameters
    ----------
    values : (n,) ndarray
        At least one, all finite.
    """
    step = None if values.dtype.kind in "iub" else _spacing(values)
    if step is None:
        return raw_histogram(values, unit, bins)
    low, high = float(values.min()), float(values.max())
    levels = round((high - low) / step) + 1
    width = math.ceil(levels / bins)
    edges = np.asarray(low + (np.arange(math.ceil(levels / width) + 1) * width - 0.5) * step, np.float64)
    return Histogram(edges, np.histogram(values, edges)[0], unit)


def decibel_binned(
    values: NDArray[Any], reference: float, quantity: Literal["power", "amplitude"], bins: int = BINS
) -> Histogram:
    """As `decibel_histogram`; the bins of integers end half-way between two of them, so they are not equally wide.

    Small integers lie further apart in dB than a bin is wide: equal bins would be empty between them.
    """
    equal = decibel_histogram(values, reference, quantity, bins)
    if values.dtype.kind not in "iu" or not equal.counts.any():
        return equal
    decade = 10 if quantity == "power" else 20
    positive = values[values > 0]
    raw = reference * 10 ** (equal.edges / decade)
    inner = np.clip(np.floor(raw), float(positive.min()) - 1, float(positive.max())) + 0.5
    ends = np.unique([float(positive.min()) - 0.5, *inner, float(positive.max()) + 0.5])
    counts = np.histogram(positive, ends)[0]
    return Histogram(decade * np.log10(ends / reference), counts, "dB", equal.left_out)


def _spacing(values: NDArray[Any]) -> float | None:
    """The distance of neighbouring levels, where all levels lie on multiples of it; None where they do not."""
    if np.unique(values[:: max(1, values.size // _TRIED)]).size > LEVELS:
        return None
    levels = np.unique(values).astype(np.float64)
    if not 1 < levels.size <= LEVELS:
        return None
    gaps = np.diff(levels)
    places = np.concatenate(([0], np.cumsum(np.rint(gaps / gaps.min()))))
    step = float(levels[-1] - levels[0]) / float(places[-1])
    off = np.abs(levels - levels[0] - places * step).max()
    # Bins end half-way between two levels, and of very large numbers nothing is there.
    if step / 2 < np.spacing(np.abs(levels).max()):
        return None
    # Levels that float32 has rounded lie a little beside their place.
    return step if off < 0.1 * step and places[-1] < 64 * LEVELS else None
