"""The white stripe: voxels of normal-appearing white matter, found by their place in the histogram."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.combined import InTurn, Numbers, Together
from prep_core.measure.compared import above, at_most, below
from prep_core.measure.counting import Extremes, Histogram, Shares, Voxels
from prep_core.measure.derived import Chosen
from prep_core.measure.moments import Moments
from prep_core.measure.percentiles import Percentiles

Floats = NDArray[np.float64]

_BINS = 1 << 14
_GRID = 80
_REACH = 39.0  # standard deviations, beyond which the exponential is 0, and takes ten times as long
_TAIL: Mapping[str, float] = {"t1": 96.0, "t2": 100.0, "flair": 100.0, "pd": 99.0}
"""Percentile above which nothing is looked at: beyond white matter there are fat and vessels."""


def stripe_moments(width: float, contrast: str) -> InTurn:
    """`mean` and `std` of the stripe around the white-matter `mode`.

    Parameters
    ----------
    width : float
        Share of the voxels on either side of the mode.
    contrast : {"t1", "t2", "flair", "pd"}
        Which peak of the density is white matter: the last for t1, the highest for t2 and flair, the first for pd.

    Notes
    -----
    The density is that of a Gaussian kernel with Scott's width, std n^(-1/5) with ddof 1 and n the number of voxels
    however much each weighs, at 80 points from the smallest to the largest voxel below the tail.  It is computed from
    16,384 bins, which moves it by less than 1e-4 of its height, unless a hot voxel stretches the range to hundreds of
    standard deviations.  With q the share of voxels below the mode, the stripe is what lies strictly between the
    quantiles q - width and q + width.  mean and std are NaN where that is nothing.  Six passes over floats, four over
    integers of up to 16 bits; takes 5 MB at most.

    References
    ----------
    Shinohara et al. (2014), Statistical normalization techniques for magnetic resonance imaging, NeuroImage:
    Clinical 6:9.
    """
    stages = (
        partial(_ends, _TAIL[contrast]),
        _below_tail,
        partial(_share, contrast),
        partial(_bounds, width),
        _stripe,
    )
    return InTurn(("mode", "mean", "std"), stages, _answer)


class _Ends(Percentiles):
    """Percentiles that answer with what was counted, too: for other ones of the same voxels."""

    def finish(self) -> dict[str, Any]:
        return {**super().finish(), "counted": self.counted}


def _ends(tail: float, _: Numbers) -> _Ends:
    return _Ends(first=0.0, tail=tail)


def _below_tail(numbers: Numbers) -> Chosen:
    histogram = Histogram(numbers["first"], numbers["tail"], _BINS)
    return Chosen(partial(at_most, limit=numbers["tail"]), Together(Moments(), Extremes(), Voxels(), histogram))


def _share(contrast: str, numbers: Numbers) -> Shares:
    return Shares([_white_matter(contrast, numbers)], including=False)


def _bounds(width: float, numbers: Numbers) -> Percentiles | Numbers:
    share = float(numbers["shares"][0])
    bounds = Percentiles(below=100 * max(share - width, 0), above=100 * min(share + width, 1))
    bounds.recall(numbers["counted"])
    return bounds if bounds.again() else bounds.finish()


def _stripe(numbers: Numbers) -> Chosen:
    return Chosen(partial(_between, numbers["below"], numbers["above"]), Moments())


def _answer(numbers: Numbers) -> dict[str, float]:
    return {"mode": float(numbers["limits"][0]), "mean": numbers["mean"], "std": numbers["std"]}


def _white_matter(contrast: str, numbers: Numbers) -> float:
    grid = np.linspace(numbers["low"], numbers["high"], _GRID)
    if grid[0] == grid[-1]:
        return float(grid[0])
    density = _density(grid, numbers)
    peaks = 1 + np.flatnonzero((density[1:-1] > density[:-2]) & (density[1:-1] > density[2:]))
    if contrast in ("t2", "flair") or not peaks.size:
        return float(grid[density.argmax()])
    return float(grid[peaks[-1] if contrast == "t1" else peaks[0]])


def _density(grid: Floats, numbers: Numbers) -> Floats:
    counts, count = numbers["counts"], numbers["voxels"]
    edges = np.linspace(numbers["first"], numbers["tail"], _BINS + 1)
    width = numbers["std"] * math.sqrt(count / (count - 1)) * count**-0.2
    centres = (edges[:-1] + edges[1:]) / 2
    kernel = np.zeros((grid.size, _BINS))
    for row, point in zip(kernel, grid, strict=True):
        start, stop = np.searchsorted(centres, (point - _REACH * width, point + _REACH * width))
        np.exp(-0.5 * np.square((point - centres[start:stop]) / width), out=row[start:stop])
    density: Floats = kernel @ counts
    return density


def _between(low: float, high: float, values: NDArray[Any]) -> NDArray[np.bool_]:
    return above(values, low) & below(values, high)
