"""Rules about Hounsfield units: whether CT values can be what they are called."""

import numpy as np

from prep_core.findings.piles import FEWEST_LEVELS, pile_at, total
from prep_core.findings.rule import Evidence
from prep_core.findings.seen import ENOUGH, Seen
from prep_core.findings.words import percent, value

AIR = (-1060.0, -940.0)
"""HU in which air lies, with the noise of a scanner around -1000."""

TISSUE = (-150.0, 150.0)
"""HU in which fat, water, blood and muscle lie."""

OFFSETS = (1024.0, 1000.0, -1024.0, -1000.0)
"""What is added to HU when they are stored, and what is left when it was taken away twice."""

SEEN_BOTH = 0.02
"""Both air and tissue have at least this share of the voxels, where a scan is said to fit."""

BETTER = 3.0
"""An offset is told when it fits so many times better than none."""

HARDLY_TISSUE = 0.01
"""A scan in HU with a smaller share of voxels in the range of tissue is none of a body."""

FROM_AIR, METAL = -900.0, 2000.0
"""HU: CT has a lowest value below this, as there is air around a body, and a highest one above that, in dense bone."""

CUT = 0.01
"""The share of voxels from which a pile below counts as a window that was applied."""

CLIPPED = 1e-3
"""The share of voxels from which a pile above does."""


def windowed(seen: Seen) -> Evidence | None:
    """CT whose values were cut or mapped by a window before they were saved."""
    if not _is_ct(seen) or hu_offset(seen):
        return None
    if seen.low >= 0 and seen.high <= 255 and seen.levels[0].size > FEWEST_LEVELS // 2:
        return Evidence(f"CT with values from {seen.low:g} to {seen.high:g} only: a window was applied to 8 bits.")
    below = (pile_at(seen, 0) or 0) / total(seen) if seen.low > FROM_AIR else 0.0
    above = (pile_at(seen, -1) or 0) / total(seen) if seen.high < METAL else 0.0
    if below < CUT and above < CLIPPED:
        return None
    return Evidence(
        f"{percent(below)} of the voxels are exactly {value(seen.low, seen.scan.unit)} and {percent(above)} exactly "
        f"{value(seen.high, seen.scan.unit)}: CT that was clipped to a window."
    )


def hu_offset(seen: Seen) -> Evidence | None:
    """CT values that fit Hounsfield units once 1024 or 1000 is taken away, or put back."""
    if not _is_ct(seen):
        return None
    fits = {offset: _fit(seen, offset) for offset in (0.0, *OFFSETS)}
    best = max(OFFSETS, key=lambda offset: (round(fits[offset], 2), -_from_air(seen, offset)))
    if fits[best] < SEEN_BOTH or fits[best] < BETTER * fits[0.0]:
        return None
    air, tissue = _shares(seen, best)
    return Evidence(
        f"{percent(air)} of {seen.sampled} lie from {AIR[0] + best:g} to {AIR[1] + best:g} and {percent(tissue)} from "
        f"{TISSUE[0] + best:g} to {TISSUE[1] + best:g}: air and tissue, {abs(best):g} too "
        f"{'high' if best > 0 else 'low'}.",
        {"subtract": best},
    )


def hu_implausible(seen: Seen) -> Evidence | None:
    """Values called Hounsfield units that look like none."""
    if not _is_ct(seen) or seen.scan.unit != "HU" or windowed(seen) or hu_offset(seen):
        return None
    tissue = _shares(seen, 0.0)[1]
    if tissue >= HARDLY_TISSUE:
        return None
    return Evidence(
        f"Values called HU run from {seen.low:g} to {seen.high:g}, with {percent(tissue)} of {seen.sampled} from "
        f"{TISSUE[0]:g} to {TISSUE[1]:g} HU: no body looks like that."
    )


def hu_unsaid(seen: Seen) -> Evidence | None:
    """CT values without a unit that fit Hounsfield units."""
    if not _is_ct(seen) or seen.scan.unit != "a.u." or windowed(seen) or _fit(seen, 0.0) < SEEN_BOTH:
        return None
    air, tissue = _shares(seen, 0.0)
    return Evidence(
        f"{percent(air)} of {seen.sampled} lie from {AIR[0]:g} to {AIR[1]:g} and {percent(tissue)} from {TISSUE[0]:g} "
        f"to {TISSUE[1]:g}, as air and tissue do in HU, but the file names no unit."
    )


def _is_ct(seen: Seen) -> bool:
    return seen.scan.modality == "CT" and not seen.is_colour and seen.count >= ENOUGH


def _shares(seen: Seen, offset: float) -> tuple[float, float]:
    """The shares of the sample in the ranges of air and of tissue, once `offset` is subtracted."""
    within = [
        float(np.mean((seen.sample >= low + offset) & (seen.sample <= high + offset))) for low, high in (AIR, TISSUE)
    ]
    return within[0], within[1]


def _fit(seen: Seen, offset: float) -> float:
    return min(_shares(seen, offset))


def _from_air(seen: Seen, offset: float) -> float:
    """How far the middle of what would be air lies from -1000 HU."""
    air = seen.sample[(seen.sample >= AIR[0] + offset) & (seen.sample <= AIR[1] + offset)]
    return abs(float(np.median(air)) - offset + 1000) if air.size else np.inf
