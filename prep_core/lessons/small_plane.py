"""An own scan as a lesson takes it that works on many copies of it: one plane, averaged to few pixels."""

from prep_core.lessons.own_scan import middle_of, refuse_complex
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

SHORTEST = 32
"""Pixels along a side."""


def small_plane(scan: Scan, most: int) -> Scan:
    """The middle plane of T and Z, its first channel, with at most `most` pixels on a side.

    Raises
    ------
    ValueError
        For complex values, a plane with a side that is too short, and one of padding or of a single value.
    """
    refuse_complex(scan)
    plane = middle_of(scan)
    by = -(-max(plane.size("Y"), plane.size("X")) // most)
    _refuse_too_short(plane, by)
    small = apply(Recipe((Line("downscale", {"factor": (1.0, float(by), float(by))}),)), plane) if by > 1 else plane
    values = small.data[small.valid]
    if not values.size or values.min() == values.max():
        found = f"has {values.min():g} at every pixel" if values.size else "is all padding"
        raise ValueError(f"scan {scan.name}: its middle plane {found}, so nothing can be seen; open another scan")
    return small


def _refuse_too_short(plane: Scan, by: int) -> None:
    rows, columns = (plane.size(axis) // by for axis in "YX")
    if min(rows, columns) < SHORTEST:
        raise ValueError(
            f"scan {plane.name}: this lesson needs a plane of at least {SHORTEST} x {SHORTEST} pixels, this has "
            f"{rows} x {columns} when {by} pixels become one; open a larger one"
        )
