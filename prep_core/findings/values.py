"""Rules about the numbers themselves: some that no step has an answer for, and some that arithmetic loses."""

import math

import numpy as np

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen
from prep_core.findings.words import percent, share, value

EXACT = 2**53
"""Above this, float64 cannot hold every integer."""

LARGEST, SMALLEST = float(np.finfo(np.float32).max), float(np.finfo(np.float32).tiny)
"""The ends of what float32 holds with all its digits."""

DIGITS = 24
"""Bits of the significand of float32."""

SQUARE_FITS = math.sqrt(LARGEST)
"""Above this, the square of a value does not fit in float32."""

LEVELS = 256
"""A range that float32 divides into fewer levels than an 8-bit picture has is lost."""

HARDLY_ANY = 1e-4
"""Fewer negative voxels than this share are not worth a word."""

CENTRED = ("CT", "PT")
"""Modalities in which values below zero are as good as others."""


def not_finite(seen: Seen) -> Evidence | None:
    """Some voxels are NaN or infinite."""
    if not seen.not_finite:
        return None
    wrong = share(seen.not_finite, seen.scan.data.size)
    return Evidence(f"{wrong} are not finite (NaN or infinity) and are left out of statistics.")


def missing_lines(seen: Seen) -> Evidence | None:
    """Whole rows or columns of a plane have no finite value."""
    rows, columns = seen.lost_lines
    if rows + columns == 0:
        return None
    return Evidence(f"{rows} whole rows and {columns} whole columns have no finite value.")


def complex_values(seen: Seen) -> Evidence | None:
    """The values are complex numbers."""
    if seen.scan.data.dtype.kind != "c":
        return None
    return Evidence(f"The values are complex ({seen.scan.data.dtype.name}).", {"power": 2.0})


def above_2_53(seen: Seen) -> Evidence | None:
    """Integers are so large that float64 cannot hold each of them."""
    largest = max(-seen.low, seen.high)
    if not seen.is_integer or largest <= EXACT:
        return None
    return Evidence(
        f"The {seen.scan.data.dtype.name} values reach {largest}, above 2^53: float64 loses precision there."
    )


def constant(seen: Seen) -> Evidence | None:
    """All valid voxels have the same value."""
    if seen.low != seen.high:
        return None
    no_decibel = "; zero has no decibel and no logarithm either" if seen.high == 0 else ""
    words = f"All {seen.count:,} valid voxels are {value(seen.high, seen.scan.unit)}: the image is constant"
    return Evidence(f"{words}{no_decibel}.")


def beneath_float32(seen: Seen) -> Evidence | None:
    """The range is so small, in itself or beside the values, that float32 cannot tell the values apart."""
    span, largest = seen.high - seen.low, max(abs(seen.low), abs(seen.high))
    if span == 0 or largest > LARGEST or above_2_53(seen):
        return None
    step = max(2.0 ** (math.frexp(largest)[1] - DIGITS), SMALLEST / LEVELS)
    # Integers with few levels are told apart as long as their steps of 1 are.
    if span / step >= LEVELS or (seen.is_integer and step <= 1):
        return None
    return Evidence(
        f"The range {span:.3g} ({seen.low:.6g} to {seen.high:.6g}) is too small for float32, in which steps compute: "
        f"it holds {max(1, int(span / step))} steps of float32 there."
    )


def above_float32(seen: Seen) -> Evidence | None:
    """The values are so large that they, or their squares, overflow float32."""
    largest = max(abs(seen.low), abs(seen.high))
    if largest <= SQUARE_FITS:
        return None
    words = f"The values are as large as {largest:.3g}"
    if largest > LARGEST:
        return Evidence(f"{words}, above {LARGEST:.3g}: they overflow float32, in which steps compute.")
    return Evidence(f"{words}: their squares overflow float32, in which steps compute.")


def negatives(seen: Seen) -> Evidence | None:
    """Values below zero where an intensity has none, or where a decibel is likely to be asked for."""
    if seen.has_unit or seen.scan.modality in CENTRED or seen.negatives <= HARDLY_ANY * seen.count:
        return None
    out = seen.negatives + seen.zeros
    smallest = value(seen.low, seen.scan.unit)
    return Evidence(
        f"{share(seen.negatives, seen.count)} are negative, down to {smallest}; with the zeros, {out:,} "
        f"({percent(out / seen.count)}) are excluded from a dB histogram."
    )
