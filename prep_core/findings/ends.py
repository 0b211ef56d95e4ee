"""Rules about the ends of the histogram: piles, and values that stand apart from all others."""

import numpy as np

from prep_core.findings.dynamic import decades_above_noise
from prep_core.findings.piles import NEIGHBOURS, beside, nodata_at, pile_at, total
from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen
from prep_core.findings.units import windowed
from prep_core.findings.words import percent, share, value

SATURATED = 1e-5
"""The share of voxels from which a pile at the top is told."""

CUT = 0.01
"""The share of voxels from which a pile at the bottom is told."""

LARGEST = 1e9
"""The limit of the step threshold_mask."""

PHOTOGRAPHS = ("MIC", "CR", "DX", "MG", "XA")
"""Modalities whose detector has a lowest value that is not a background."""

EMPTY = 0.5
"""The share of voxels at the bottom of the range from which a scan is mostly background."""


def saturated_high(seen: Seen) -> Evidence | None:
    """Voxels pile up at the largest value: the true ones may be larger."""
    pile = pile_at(seen, -1)
    if pile is None or pile / total(seen) < SATURATED or nodata_at(seen, -1) or windowed(seen):
        return None
    return Evidence(_piled(seen, -1, pile, "largest", "below"), {"low": 0.0, "high": 99.5})


def saturated_low(seen: Seen) -> Evidence | None:
    """Voxels pile up at the smallest value of a detector: the true ones may be smaller."""
    pile = pile_at(seen, 0) if seen.scan.modality in PHOTOGRAPHS and not background(seen) else None
    if pile is None or pile / total(seen) < CUT or nodata_at(seen, 0):
        return None
    return Evidence(_piled(seen, 0, pile, "smallest", "above"))


def nodata(seen: Seen) -> Evidence | None:
    """One value stands far apart from all others and is known as a code for "nothing measured here"."""
    for end, side in ((0, "below"), (-1, "above")):
        if found := nodata_at(seen, end):
            code, pile, other = found
            unit = seen.scan.unit
            words = f"{share(pile, total(seen))} are exactly {value(code, unit)}, far {side} the next value"
            return Evidence(f"{words} {value(other, unit)}: a code for no data.", _all_but(seen, end, other))
    return None


def _all_but(seen: Seen, end: int, other: float) -> dict[str, float] | None:
    """The threshold_mask that leaves out what lies beyond `other`, if its limits allow it."""
    low, high = (-LARGEST, other) if end else (other, LARGEST)
    within = -LARGEST <= other <= LARGEST and (seen.low >= -LARGEST if end else seen.high <= LARGEST)
    return {"low": low, "high": high} if within else None


def background(seen: Seen) -> Evidence | None:
    """Most voxels lie at the bottom of the range: statistics over all of them describe the background."""
    if seen.low == seen.high or seen.has_unit or seen.levels[0].size <= NEIGHBOURS or nodata_at(seen, 0):
        return None
    # On a scale of many decades nearly everything lies at the bottom, background or not.
    if decades_above_noise(seen):
        return None
    top = seen.low + 0.01 * (seen.percents[99.9] - seen.low)
    empty = float(np.mean(seen.sample <= top))
    if empty < EMPTY:
        return None
    unit, bottom = seen.scan.unit, float(f"{top:.4g}")
    return Evidence(
        f"{percent(empty)} of {seen.sampled} are at most {value(bottom, unit)}, the lowest 1 % of the range "
        f"up to p99.9 {value(seen.percents[99.9], unit)}: background."
    )


def _piled(seen: Seen, end: int, pile: int, which: str, side: str) -> str:
    at = value(seen.high if end else seen.low, seen.scan.unit)
    return (
        f"{share(pile, total(seen))} have exactly the {which} value {at}; "
        f"the {NEIGHBOURS} levels {side} have {beside(seen, end):.3g} on average."
    )
