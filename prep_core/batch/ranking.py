"""Which results of a batch lie apart from the others, and the range that shows all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.quality.outliers import FEWEST, LEAST_SHARE, THRESHOLD, robust_z

COMPARED = ("p1", "median", "p99", "mean", "std")
"""The figures by which a result is compared with the others; where background and clipping hold the percentiles in
place, mean and standard deviation still move."""

SHOWN = (10, 90)
"""Black is this percentile, over the scans, of their 1st percentiles; white that of their 99th percentiles."""

HIGHEST = 1e6
"""Scores end here: where nearly all results are constant, one that is not would have none."""

Figures = Mapping[str, float]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rank:
    """How far a result lies from the others, in robust standard deviations; `reason` is said of outliers only."""

    score: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A rank for each scan, in their order, and the range by which all results are shown."""

    ranks: tuple[Rank, ...]
    low: float
    high: float

    @property
    def outliers(self) -> int:
        return sum(bool(rank.reason) for rank in self.ranks)


def ranked(scans: Sequence[Figures]) -> Ranking:
    """Compare results by `COMPARED`; scans without figures, which failed or have no voxel, are left out.

    The score of a result is the largest of its distances from the median of the batch, in robust standard deviations
    (1.4826 x the median absolute deviation, and at least 2 % of the usual distance from p1 to p99).  Fewer than four
    results have no score.
    """
    rated = [place for place, figures in enumerate(scans) if figures]
    table = np.array([[scans[place][name] for name in COMPARED] for place in rated]).reshape(-1, len(COMPARED))
    low, high = (0.0, 1.0) if not rated else _shown(table)
    ranks = [Rank()] * len(scans)
    if len(rated) >= FEWEST:
        for place, rank in zip(rated, _ranks(table), strict=True):
            ranks[place] = rank
    return Ranking(tuple(ranks), low, high)


def _shown(table: Values) -> tuple[float, float]:
    low, high = np.percentile(table[:, 0], SHOWN[0]), np.percentile(table[:, 2], SHOWN[1])
    return float(low), float(high)


def _ranks(table: Values) -> list[Rank]:
    least = max(LEAST_SHARE * float(np.median(table[:, 2] - table[:, 0])), float(np.finfo(np.float32).tiny))
    scores = np.column_stack([robust_z(column, least) for column in table.T]).clip(-HIGHEST, HIGHEST)
    worst = np.abs(scores).argmax(axis=1)
    middle = np.median(table, axis=0)
    return [_rank(COMPARED[k], row[k], middle[k], score[k]) for k, row, score in zip(worst, table, scores, strict=True)]


def _rank(name: str, value: float, middle: float, score: float) -> Rank:
    size = round(abs(float(score)), 3)
    if size <= THRESHOLD:
        return Rank(size)
    side = "above" if score > 0 else "below"
    return Rank(size, f"{name} {value:.4g} lies {size:.1f} robust SD {side} that of the batch, {middle:.4g}")
