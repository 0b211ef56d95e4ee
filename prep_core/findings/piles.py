"""Piles at the ends of a histogram, and values that stand apart from all others."""

from prep_core.findings.seen import Seen

NEIGHBOURS = 16
"""The levels next to the last one, by which it is judged."""

FEWEST_LEVELS = 64
"""A histogram with fewer levels has no tail to judge by."""

PILE = 8
"""A pile has so many times the voxels that the levels beside it have on average."""

ISOLATED = 0.1
"""A value stands apart when the gap beside it is at least this share of the range of all others."""

FEWEST = 10
"""So many voxels make a pile or a code; fewer are chance."""

CODES = (-9999.0, -99999.0, -32768.0, -32767.0, 65535.0, -999.0)
"""Values that programs write where nothing was measured."""

OUTSIDE_AIR = -1100.0
"""HU: below this, a value is no measurement."""


def pile_at(seen: Seen, end: int) -> int | None:
    """How many voxels have the value at one end (0 or -1), where the levels beside it do not explain them."""
    counts = seen.levels[1]
    if counts.size < FEWEST_LEVELS or counts[end] < FEWEST:
        return None
    return int(counts[end]) if counts[end] > PILE * beside(seen, end) else None


def beside(seen: Seen, end: int) -> float:
    """How many voxels the levels beside the last one have on average."""
    counts = seen.levels[1]
    return float((counts[-NEIGHBOURS - 1 : -1] if end else counts[1 : NEIGHBOURS + 1]).mean())


def nodata_at(seen: Seen, end: int) -> tuple[float, int, float] | None:
    """The code at one end (0 or -1), how many voxels have it, and the value beside it."""
    levels, counts = seen.levels
    if levels.size <= NEIGHBOURS or counts[end] < FEWEST:
        return None
    inner = -2 if end else 1
    rest = levels[:-1] if end else levels[1:]
    gap, span = abs(levels[end] - levels[inner]), float(rest[-1] - rest[0])
    if gap < ISOLATED * span or not _is_code(seen, float(levels[end]), end):
        return None
    return float(levels[end]), int(counts[end]), float(levels[inner])


def total(seen: Seen) -> int:
    """How many voxels `levels` counts."""
    return int(seen.levels[1].sum())


def _is_code(seen: Seen, code: float, end: int) -> bool:
    if seen.scan.unit == "HU" or seen.scan.modality == "CT":
        return end == 0 and code < OUTSIDE_AIR
    return code in CODES or code < -1e30 or (code == 0 and end == 0 and seen.scan.modality == "MSI")
