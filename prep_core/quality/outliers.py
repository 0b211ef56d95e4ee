"""Which scans of a set stand out, and why: another unit, another shape, values that lie elsewhere."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import Summary

FEWEST = 4
"""Scans from which on a median and the spread around it say something about one of them."""

THRESHOLD = 3.5
"""Robust z scores beyond it stand out: B. Iglewicz, D. Hoaglin, How to detect and handle outliers, 1993."""

LEAST_SHARE = 0.02
"""What counts as a robust standard deviation at least, as a share of the usual distance from p1 to p99: scans that are
nearly alike do not make outliers."""

LEAST_DECADES = 0.05
"""The same on the logarithmic scale: a factor of 1.12."""

_TO_SIGMA = 1.4826
"""The standard deviation of a normal distribution, over its median absolute deviation."""

_PERCENTS = ("50", "99")

Word = Callable[[Summary], str]

_OUGHT_TO_AGREE: Mapping[str, Word] = {
    "unit": lambda s: s.unit,
    "modality": lambda s: s.modality,
    "axes": lambda s: s.axes,
    "channels": lambda s: str(s.shape[s.axes.index("C")]) if "C" in s.axes else "1",
}
_MAY_DIFFER: Mapping[str, Word] = {
    "shape": lambda s: " x ".join(map(str, s.shape)),
    "voxel size": lambda s: " x ".join(f"{v:.3g}" for v in s.spacing) + " mm" if s.spacing_known else "not said",
}
"""What scans of one set may well have each for itself: told only where more than half agree."""


def standing_out(scans: Sequence[Summary]) -> tuple[tuple[str, ...], ...]:
    """For each of `scans`, the reasons why it stands out among them; none for most.

    Values are compared by their median and 99th percentile: as logarithms where all scans are positive there and
    usually span two decades or more, otherwise as they are.  One stands out when its distance from the median of the
    scans is above `THRESHOLD` robust standard deviations (1.4826 x the median absolute deviation).
    """
    reasons: list[list[str]] = [[] for _ in scans]
    for found in (_other_words(scans), _same_bytes(scans), _elsewhere(scans)):
        for mine, more in zip(reasons, found, strict=True):
            mine.extend(more)
    return tuple(map(tuple, reasons))


def robust_z(values: NDArray[np.float64], least_spread: float) -> NDArray[np.float64]:
    """Distances from the median in robust standard deviations, of which one is `least_spread` at least."""
    distances = values - np.median(values)
    spread = max(_TO_SIGMA * float(np.median(np.abs(distances))), least_spread)
    scores: NDArray[np.float64] = distances / spread if spread else np.zeros_like(distances)
    return scores


def _other_words(scans: Sequence[Summary]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in scans]
    for name, word in {**_OUGHT_TO_AGREE, **_MAY_DIFFER}.items():
        words = [word(scan) for scan in scans]
        (usual, times), *others = Counter(words).most_common() or [("", 0)]
        if 2 * times > len(scans):
            for mine, said in zip(found, words, strict=True):
                mine.extend([f"{name} {said}, most have {usual}"] if said != usual else [])
        elif others and name in _OUGHT_TO_AGREE:
            for mine, said in zip(found, words, strict=True):
                mine.append(f"{name} {said}, and no {name} is that of most")
    return found


def _same_bytes(scans: Sequence[Summary]) -> list[list[str]]:
    """The same picture twice counts twice, and in two roles it is a leak."""
    first: dict[tuple[str, object], str] = {}
    found: list[list[str]] = []
    for scan in scans:
        content = (scan.sha256, (scan.shape, scan.min, scan.max, scan.mean, scan.std))
        twin = first.setdefault(content, scan.name) if scan.sha256 else scan.name
        found.append([] if twin == scan.name else [f"the same bytes as {twin}"])
    return found


def _elsewhere(scans: Sequence[Summary]) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in scans]
    if len(scans) < FEWEST:
        return found
    on_scale, least_spread = _scale(scans)
    for percent in _PERCENTS:
        values = np.array([on_scale(scan.percentiles[percent]) for scan in scans])
        scores = robust_z(values, least_spread)
        middle = float(np.median([scan.percentiles[percent] for scan in scans]))
        for mine, scan, score in zip(found, scans, scores.tolist(), strict=True):
            if abs(score) > THRESHOLD:
                mine.append(_sentence(percent, scan, middle, score))
    return found


def _sentence(percent: str, scan: Summary, middle: float, score: float) -> str:
    name = "median" if percent == "50" else f"p{percent}"
    where = "above" if score > 0 else "below"
    return (
        f"{name} {scan.percentiles[percent]:.4g} lies {abs(score):.1f} robust SD {where} that of the set, {middle:.4g}"
    )


def _scale(scans: Sequence[Summary]) -> tuple[Callable[[float], float], float]:
    """How values are compared, and the least spread on that scale."""
    positive = all(scan.percentiles[percent] > 0 for scan in scans for percent in _PERCENTS)
    decades = [scan.decades for scan in scans if scan.decades is not None and scan.min >= 0]
    if positive and len(decades) == len(scans) and float(np.median(decades)) >= 2:
        return math.log10, LEAST_DECADES
    ranges = [scan.percentiles["99"] - scan.percentiles["1"] for scan in scans]
    return float, LEAST_SHARE * float(np.median(ranges))
