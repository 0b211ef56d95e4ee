"""Rules about what was done to the values before: quantised, stretched, compressed."""

import numpy as np
from scipy.ndimage import uniform_filter1d

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import ENOUGH, SIDE, Seen
from prep_core.findings.words import percent

EIGHT_BITS = 255

FEW_INTEGERS, FEW_FLOATS = 32, 256
"""So many levels or fewer: integers are labels or a mask, floats come from 8 bits."""

MISSING = 0.05
"""The share of levels between p1 and p99 without a voxel, from which a histogram has gaps."""

UNEXPECTED = 2.0
"""Gaps count when there are so many times more than chance leaves."""

WIDEST = 2**20
"""A range of more levels than this is not looked at level by level."""

RAYLEIGH = float(np.sqrt(4 / np.pi - 1))
"""Standard deviation over mean of the amplitude of fully developed speckle: 0.52 (Goodman 1975)."""

COMPRESSED = (0.1, 0.4)
"""Below 0.4, speckle is flatter than amplitude can be; below 0.1, it is no speckle."""

SPECKLED = ("US", "OPT")


def eight_bits(seen: Seen) -> Evidence | None:
    """Values of 8 bits in a type of 16 bits or more."""
    wide = seen.is_integer and seen.scan.data.dtype.itemsize > 1 and seen.scan.modality != "CT"
    if not wide or seen.count < ENOUGH or seen.low < 0 or seen.high > EIGHT_BITS or _few(seen):
        return None
    return Evidence(
        f"The type {seen.scan.data.dtype.name} holds values from {seen.low} to {seen.high} only, which fit in 8 bits.",
        {"divide": float(EIGHT_BITS)},
    )


def few_levels(seen: Seen) -> Evidence | None:
    """Very few distinct values: labels, a mask, or a picture that was quantised."""
    if seen.low == seen.high or not _few(seen):
        return None
    return Evidence(f"There are only {seen.levels[0].size} distinct values ({seen.scan.data.dtype.name}).")


def gaps(seen: Seen) -> Evidence | None:
    """The histogram is a comb: no voxel has some levels within the range, as rounding or a stretch leaves it."""
    if not seen.is_integer or _few(seen) or seen.high - seen.low > WIDEST:
        return None
    found = _empty_levels(seen)
    if found is None:
        return None
    span, empty, expected = found
    every = (span - 1) / max(1, span - empty - 1)
    return Evidence(
        f"Of {span:,} levels between p1 and p99, {empty:,} ({percent(empty / span)}) have no voxel, where chance would "
        f"leave {expected:.0f}; one in {every:.3g} is used: a comb, as rounding or a stretch leaves."
    )


def log_compressed(seen: Seen) -> Evidence | None:
    """X-ray, ultrasound or OCT whose values are logarithms already, or were compressed for display in a like way."""
    if seen.scan.source.facts.get("pixel_relationship") == "LOG":
        return Evidence("The header says that the values are logarithms of X-ray intensity (0028,1040).")
    eight = seen.is_integer and seen.low >= 0 and seen.high <= EIGHT_BITS
    if seen.scan.modality not in SPECKLED or not eight or seen.low == seen.high:
        return None
    spread = _contrast_of_speckle(seen)
    if spread is None or not COMPRESSED[0] < spread < COMPRESSED[1]:
        return None
    return Evidence(
        f"8-bit {seen.scan.modality} whose speckle has a standard deviation of {spread:.2f} of the mean (median of "
        f"{SIDE} x {SIDE} px blocks); linear amplitude has {RAYLEIGH:.2f}. Smoothing lowers it too."
    )


def _few(seen: Seen) -> bool:
    limit = FEW_INTEGERS if seen.is_integer else FEW_FLOATS
    return seen.count >= ENOUGH and seen.levels[0].size <= limit


def _empty_levels(seen: Seen) -> tuple[int, int, float] | None:
    """Levels between p1 and p99, how many of them are empty, and how many would be by chance; None without a comb.

    Each level is expected to have as many voxels as those around it have on average; a Poisson count of that mean is
    zero with a chance of exp(-mean).
    """
    levels, counts = seen.levels
    ends = np.searchsorted(np.cumsum(counts) / counts.sum(), (0.01, 0.99))
    low, high = levels[ends[0]], levels[min(ends[1], levels.size - 1)]
    core = (levels >= low) & (levels <= high)
    dense = np.zeros(int(high - low) + 1)
    dense[(levels[core] - low).astype(np.int64)] = counts[core]
    around = uniform_filter1d(dense, max(9, dense.size // 16), mode="nearest")
    empty, expected = int(np.count_nonzero(dense == 0)), float(np.exp(-around).sum())
    if dense.size < FEW_INTEGERS or empty < MISSING * dense.size or empty < UNEXPECTED * expected:
        return None
    return dense.size, empty, expected


def _contrast_of_speckle(seen: Seen) -> float | None:
    """Median of the standard deviation over the mean, of blocks that touch neither black nor white."""
    inside = (seen.blocks > seen.low).all(axis=(1, 2)) & (seen.blocks < seen.high).all(axis=(1, 2))
    blocks = seen.blocks[inside]
    if len(blocks) < SIDE * SIDE:
        return None
    return float(np.median(blocks.std(axis=(1, 2)) / blocks.mean(axis=(1, 2))))
