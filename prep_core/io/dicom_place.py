"""Where DICOM slices lie: sorted along their normal, with the one affine of the stack and what is odd about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom_tags import number, numbers, pixel_spacing
from prep_core.io.geometry import Vector, affine_of

EVEN = 0.02
"""Distances between slices that differ by less than this share are even; positions are written with few digits."""

TILTED = np.cos(np.radians(0.5))


@dataclass(frozen=True)
class Place:
    """Order of the slices, the affine of the stack, whether pixels have a known size, and warnings."""

    order: list[int]
    affine: NDArray[np.float64]
    spacing_known: bool
    warnings: tuple[str, ...]


def position(ds: Dataset) -> Vector | None:
    """ImagePositionPatient, or None."""
    found = numbers(ds, "ImagePositionPatient")
    return np.array(found) if len(found) == 3 else None


def orientation(ds: Dataset) -> tuple[Vector, Vector]:
    """Unit vectors along a row (x) and along a column (y); those of an upright axial slice where the tag says none."""
    found = numbers(ds, "ImageOrientationPatient")
    if len(found) == 6:
        along_row, along_column = np.array(found[:3]), np.array(found[3:])
        lengths = np.linalg.norm(along_row), np.linalg.norm(along_column)
        if min(lengths) > 0.5 and abs(along_row @ along_column) < 0.1:
            return along_row / lengths[0], along_column / lengths[1]
    return np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])


def place(slices: list[Dataset]) -> Place:
    """Sort `slices` (one dataset or one functional group for each) by position, and lay the grid through them."""
    along_row, along_column = orientation(slices[0])
    found, tag = pixel_spacing(slices[0])
    rows, columns = found or (1.0, 1.0)
    steps = [along_row * columns, along_column * rows]
    warnings = _spacing_warnings(found, tag)
    positions = [position(ds) for ds in slices]
    known = [p for p in positions if p is not None]
    if len(slices) == 1 or len(known) < len(slices):
        thick = number(slices[0], "SliceThickness", 0.0) or number(slices[0], "SpacingBetweenSlices", 0.0)
        normal = np.cross(along_row, along_column) * (thick if thick > 0 else 1.0)
        if len(slices) > 1:
            warnings.append("slices have no positions; they stay in the order of their numbers, one step apart")
        order = sorted(range(len(slices)), key=lambda i: number(slices[i], "InstanceNumber", i))
        origin = known[0] if known else np.zeros(3)
        return Place(order, affine_of([*steps, normal], origin), found is not None, tuple(warnings))
    normal = np.cross(along_row, along_column)
    heights = [float(p @ normal) for p in known]
    order = sorted(range(len(slices)), key=heights.__getitem__)
    step, odd = _between([known[i] for i in order], normal)
    return Place(order, affine_of([*steps, step], known[order[0]]), found is not None, (*warnings, *odd))


def _between(positions: list[Vector], normal: Vector) -> tuple[Vector, list[str]]:
    """The step from slice to slice, and what is odd about the distances."""
    heights = np.array([p @ normal for p in positions])
    gaps = np.diff(heights)
    usual = float(np.median(gaps))
    if usual <= 0:
        return normal, ["several slices lie at one position; their order there is that of the files"]
    span = positions[-1] - positions[0]
    odd = []
    if abs(span @ normal) < TILTED * np.linalg.norm(span):
        angle = np.degrees(np.arccos(min(1.0, float(abs(span @ normal) / np.linalg.norm(span)))))
        odd.append(f"gantry tilt: slices are shifted against each other by {angle:.1f} degrees; the grid is sheared")
    uneven = np.flatnonzero(np.abs(gaps - usual) > EVEN * usual)
    if not uneven.size:
        return span / (len(positions) - 1), odd
    worst = int(uneven[np.argmax(np.abs(gaps[uneven] - usual))])
    missing = round(float(gaps[worst]) / usual) - 1
    words = f"{missing} missing" if missing > 0 else "uneven"
    odd.append(
        f"the gap between slices is not even: {words} between {heights[worst]:.2f} and {heights[worst + 1]:.2f} mm "
        f"(usual spacing {usual:.3f} mm); the grid takes the usual spacing"
    )
    return normal * usual, odd


def _spacing_warnings(found: tuple[float, float] | None, tag: str) -> list[str]:
    if found is None:
        return ["the pixel spacing is unknown: PixelSpacing is absent, zero or not two numbers"]
    if tag != "PixelSpacing":
        return [f"the pixel spacing is that of {tag}: at the detector, not in the patient"]
    return []
