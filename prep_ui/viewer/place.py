"""Where a picture lies: its pixels in space, the sides of the body at its rims, its place in a stack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from prep_core.scan import Scan

OF_PATIENTS = ("CT", "MR", "PT")
"""Modalities whose affine belongs to a patient; that of a projection or a probe belongs to the device."""

IN_PATIENT_SPACE = ("NIfTI", "NRRD", "MetaImage")
"""Formats whose affine leads to patient space by definition, whatever made the volume."""

OPPOSITE = str.maketrans("LRPASI", "RLAPIS")
"""Translates where an axis points to into where it comes from."""

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """The grid of a plane in space.

    Attributes
    ----------
    origin, down, right : (x, y, z)
        Centre of the first pixel, and the steps to the pixel below it and to the one on its right; in LPS mm.
    known : bool
        Whether millimetres are known; if not, the steps count voxels.
    letters : str
        Which side of the body lies at the left, right, top and bottom rim; empty outside patient space, where
        a position is a length along the picture.
    """

    origin: Vector
    down: Vector
    right: Vector
    known: bool = True
    letters: str = ""

    @classmethod
    def of(cls, plane: Scan) -> Self:
        """Of the plane that `plane` holds."""
        letters = at_the_rims(plane.orientation[-2:]) if is_of_a_patient(plane) else ""
        return cls(plane.origin, _vector(plane, 1), _vector(plane, 2), plane.spacing_known, letters)


@dataclass(frozen=True, slots=True)
class Slices:
    """The stack that a picture is part of: its axis ("Z" or "T"), which index is shown, and of how many."""

    axis: str
    index: int
    size: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.size:
            raise ValueError(f"slices: index along {self.axis} must be from 0 to {self.size - 1}, got {self.index}")

    @staticmethod
    def axis_of(scan: Scan) -> str | None:
        """Along Z, else along T; None where `scan` has one plane only."""
        return next((axis for axis in "ZT" if scan.size(axis) > 1), None)

    @classmethod
    def of(cls, scan: Scan, at: Mapping[str, int]) -> Self | None:
        """Those of `scan` at the place `at`; None where it has one plane only."""
        axis = cls.axis_of(scan)
        return None if axis is None else cls(axis, at[axis], scan.size(axis))


def is_of_a_patient(scan: Scan) -> bool:
    """Whether the affine of `scan` leads to patient space, as far as its file says."""
    volume = "Z" in scan.axes and scan.source.format in IN_PATIENT_SPACE
    return scan.spacing_known and (scan.modality in OF_PATIENTS or volume)


def _vector(scan: Scan, column: int) -> Vector:
    x, y, z = scan.affine[:3, column]
    return float(x), float(y), float(z)


def at_the_rims(directions: str) -> str:
    """From where rows and columns point to ("PL") to the letters at the left, right, top and bottom rim ("RLAP")."""
    down, right = directions[0], directions[1]
    return right.translate(OPPOSITE) + right + down.translate(OPPOSITE) + down
