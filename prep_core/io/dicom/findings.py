"""What is odd about a DICOM scan and changes how it is to be prepared, with numbers and what to do."""

import math

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Finding

TILTED = math.cos(math.radians(0.5))
HIGHEST = 1e9
"""The largest number that the step invert takes."""

Vector = NDArray[np.float64]


def missing_slices(count: int, ends: tuple[float, float], usual: float) -> Finding:
    """Slices that are not there, in gaps of a whole number of steps."""
    what = "1 missing slice leaves" if count == 1 else f"{count} missing slices leave"
    return Finding(
        "missing_slices",
        "warning",
        f"{what} a gap {_between(ends, usual)}.",
        "They are empty and left out of statistics; load the whole series, "
        "or do not use steps that look across slices.",
    )


def uneven_spacing(gaps: Vector, ends: tuple[float, float], usual: float) -> Finding:
    """Slices whose distances are no whole number of steps."""
    return Finding(
        "uneven_spacing",
        "warning",
        f"The spacing of slices is uneven {_between(ends, usual)}; it is from {gaps.min():.3f} to {gaps.max():.3f} mm.",
        "The grid takes the usual spacing, so positions along z are wrong beyond the gap; work slice by slice, or "
        "load a series with even spacing.",
    )


def duplicate_slices(levels: list[tuple[float, int]]) -> Finding:
    """Slices at one position; `levels` are positions in mm, with how many slices lie there."""
    doubled = [f"{height:.2f}" for height, count in levels if count > 1]
    more = sum(count - 1 for _, count in levels)
    shown = ", ".join(doubled[:8]) + (" and more" if len(doubled) > 8 else "")
    return Finding(
        "duplicate_slices",
        "warning",
        f"Duplicate slices lie at {shown} mm; the first of each is used and {more} left out.",
        "If they are repeats or phases, load each of them alone; else remove the duplicate files.",
    )


def gantry_tilt(span: Vector, normal: Vector) -> Finding | None:
    """A stack whose slices do not lie straight above each other; `span` goes from the first to the last, in mm."""
    length = float(np.linalg.norm(span))
    along = float(span @ normal)
    if along >= TILTED * length:
        return None
    angle = math.degrees(math.acos(min(1.0, abs(along) / length)))
    shift = math.sqrt(max(0.0, length**2 - along**2))
    return Finding(
        "gantry_tilt",
        "warning",
        f"Gantry tilt: slices are shifted by {angle:.1f} degrees, {shift:.1f} mm in all, so the grid is sheared.",
        "The voxels are as scanned, and resample keeps the shear; straighten the volume in a viewer first, or use "
        "steps that work slice by slice.",
    )


def monochrome1(high: float) -> Finding:
    """Values that are meant to be shown inverted; `high` less the value is what a viewer shows."""
    known = abs(high) <= HIGHEST
    advice = f"add invert with high = {high:.10g} to turn them" if known else "add invert to turn them"
    return Finding(
        "monochrome1",
        "note",
        "MONOCHROME1: low stored values are meant to be shown bright, so the picture is shown inverted.",
        f"The values are as stored; {advice}.",
        "invert",
        {"high": float(high)} if known else {},
    )


def padding(padded: int, size: int, value: float) -> Finding:
    """Voxels that stand for nothing."""
    return Finding(
        "padding",
        "note",
        f"{padded:,} of {size:,} voxels ({100 * padded / size:.1f} %) are padding (stored number {value:.10g}).",
        "They are left out of statistics; nothing needs to be done.",
    )


def _between(ends: tuple[float, float], usual: float) -> str:
    return f"between {ends[0]:.2f} and {ends[1]:.2f} mm (usual spacing {usual:.3f} mm)"
