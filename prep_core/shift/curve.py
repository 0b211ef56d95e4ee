"""Distributions as quantile curves: pooled, and how far one lies from another.

Distances are taken on a scale that is linear within a spread of the median and logarithmic beyond it, asinh((v -
median) / spread).  So one spread near the median counts as about one, and the few bright voxels of a scan over eight
decades do not outweigh all others.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = tuple[float, ...]
Floats = NDArray[np.float64]

PERCENTS = (0.0, 0.1, 0.5, 1.0, *(2.5 * i for i in range(1, 40)), 99.0, 99.5, 99.9, 100.0)
"""Where a curve has its values: densest at the ends, where clipping happens."""

DIGITS = 6
"""Significant digits of a curve: about what a float32 holds, and short enough to be written down."""

_ROUNDING = 1e-12
"""What shares that add up to 1 may miss it by."""

_WIDTHS = ((25.0, 75.0, 1.349), (5.0, 95.0, 3.290), (1.0, 99.0, 4.653), (0.0, 100.0, 6.0))
"""Percents, and how many standard deviations of a normal distribution lie between them."""


def curve_of(values: NDArray[Any], percents: Sequence[float] = PERCENTS) -> Curve:
    """The percentiles of `values`, by NumPy's `linear` method, exact."""
    ordered = np.sort(np.asarray(values, dtype=np.float32), axis=None)
    places = (ordered.size - 1) * (np.array(percents) / 100)
    below = np.floor(places).astype(np.int64)
    low = ordered[below].astype(np.float64)
    high = ordered[np.minimum(below + 1, ordered.size - 1)].astype(np.float64)
    return tuple((low + (high - low) * (places - below)).tolist())


def rounded(values: Sequence[float], digits: int = DIGITS) -> Curve:
    return tuple(float(f"{value:.{digits}g}") + 0.0 for value in values)


def mixture(curves: Sequence[Curve], weights: Sequence[float], percents: Sequence[float] = PERCENTS) -> Curve:
    """The curve of what all `curves` describe together, each with its share of `weights`.

    Between two of its values, a curve is taken to be a straight line.  Where curves agree, so does their mixture.
    """
    known, shares = np.array(curves), np.array(percents) / 100
    part = np.array(weights, dtype=np.float64) / fsum(weights)

    def reached(values: Floats) -> NDArray[np.bool_]:
        return _shares_up_to(values, known, shares, part) >= shares - _ROUNDING

    low, high = np.full(len(percents), known.min()), np.full(len(percents), known.max())
    high = np.where(reached(low), low, high)
    while ((low < (middle := low + (high - low) / 2)) & (middle < high)).any():
        enough = reached(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return tuple(high.tolist())


def spread_of(curve: Curve, percents: Sequence[float] = PERCENTS) -> float:
    """The interquartile range as a standard deviation; of a wider range, where most values are equal.

    Without any range it is the size of the value, or 1 for 0, so that it is never 0.
    """
    for low, high, deviations in _WIDTHS:
        ends = np.interp([low, high], percents, curve)
        if ends[1] > ends[0]:
            return float((ends[1] - ends[0]) / deviations)
    return abs(curve[0]) or 1.0


def median_of(curve: Curve, percents: Sequence[float] = PERCENTS) -> float:
    return float(np.interp(50.0, percents, curve))


def distance(curve: Curve, of: Curve, spread: float, percents: Sequence[float] = PERCENTS) -> float:
    """The Wasserstein-1 distance of `curve` from the curve `of` the training scans, in spreads of the latter."""
    median = median_of(of, percents)
    gaps = np.abs(_scaled(curve, median, spread) - _scaled(of, median, spread)).tolist()
    steps = zip(pairwise(percents), pairwise(gaps), strict=True)
    return fsum((b - a) * (one + other) / 200 for (a, b), (one, other) in steps)


def _scaled(curve: Curve, median: float, spread: float) -> Floats:
    scaled: Floats = np.arcsinh((np.array(curve) - median) / spread)
    return scaled


def _shares_up_to(values: Floats, curves: Floats, shares: Floats, weights: Floats) -> Floats:
    """What part of the mixture lies at or below each of `values`."""
    count = (curves[:, :, None] <= values).sum(axis=1)
    left, right = np.maximum(count - 1, 0), np.minimum(count, curves.shape[1] - 1)
    start, end = np.take_along_axis(curves, left, 1), np.take_along_axis(curves, right, 1)
    width = np.where(end > start, end - start, 1.0)
    along = np.clip((values - start) / width, 0.0, 1.0)
    found = np.where(count == 0, 0.0, shares[left] + along * (shares[right] - shares[left]))
    total: Floats = (weights[:, None] * found).sum(axis=0)
    return total
