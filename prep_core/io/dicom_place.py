"""Where DICOM slices lie: sorted along their normal, with the one affine of the stack and what is odd about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom_tags import number, numbers, pixel_spacing
from prep_core.io.geometry import Vector, affine_of

EVEN = 0.02
"""Distances between slices that differ by less than this share are even; positions are written with few digits."""

SAME = 1e-3
"""Slices closer than this, in mm, lie at one position."""

MISSING = -1
"""In the order of slices: one that is not there."""

TURNS = ("TemporalPositionIdentifier", "TemporalPositionIndex", "EchoTime", "AcquisitionNumber", "InstanceNumber")
"""The tags that sort slices at one position."""

TILTED = np.cos(np.radians(0.5))


@dataclass(frozen=True)
class Place:
    """Where slices lie.

    Attributes
    ----------
    order : list of int
        The slices of the first stack by position, then those of the next; `MISSING` where one is not there.
    affine : (4, 4) ndarray
        Of the stack.
    spacing_known : bool
        Whether pixels have a known size.
    warnings : tuple of str
    times : int
        How many stacks there are at the same place.
    """

    order: list[int]
    affine: NDArray[np.float64]
    spacing_known: bool
    warnings: tuple[str, ...]
    times: int = 1


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
    heights = np.array([float(p @ normal) for p in known])
    levels = _levels(heights, [_turn(ds, i) for i, ds in enumerate(slices)])
    times, odd = _times(levels, heights)
    first = [known[level[0]] for level in levels]
    step, more, gaps = _between(first, normal)
    filled = [
        i for level, gap in zip(levels, [*gaps, 0], strict=True) for i in (level[:times], *[[MISSING] * times] * gap)
    ]
    order = [level[t] for t in range(times) for level in filled]
    affine = affine_of([*steps, step], first[0])
    return Place(order, affine, found is not None, (*warnings, *odd, *more), times)


def _turn(ds: Dataset, i: int) -> tuple[float, ...]:
    """What sorts slices at one position."""
    return (*(number(ds, keyword, 0.0) for keyword in TURNS), i)


def _levels(heights: NDArray[np.float64], turns: list[tuple[float, ...]]) -> list[list[int]]:
    """The slices by height, those at one height together in their order."""
    levels: list[list[int]] = []
    for i in np.argsort(heights, kind="stable"):
        if levels and heights[i] - heights[levels[-1][0]] < SAME:
            levels[-1].append(int(i))
        else:
            levels.append([int(i)])
    return [sorted(level, key=turns.__getitem__) for level in levels]


def _times(levels: list[list[int]], heights: NDArray[np.float64]) -> tuple[int, list[str]]:
    """How many whole stacks there are, and what is odd about it."""
    counts = {len(level) for level in levels}
    if counts == {1}:
        return 1, []
    if len(counts) == 1:
        (times,) = counts
        return times, [f"{times} slices lie at every position (phases, echoes or time points); read along T"]
    at = ", ".join(f"{heights[level[0]]:.2f}" for level in levels if len(level) > 1)
    return 1, [f"duplicate slices lie at {at} mm; the first of each is used, the others are left out"]


def _between(positions: list[Vector], normal: Vector) -> tuple[Vector, list[str], list[int]]:
    """The step from slice to slice, what is odd about the distances, and how many slices are missing in each gap."""
    heights = np.array([p @ normal for p in positions])
    gaps = np.diff(heights)
    if not gaps.size:
        return normal, [], []
    usual = float(np.sort(gaps)[(gaps.size - 1) // 2])
    span = positions[-1] - positions[0]
    odd = _tilt(span, normal)
    if np.all(np.abs(gaps - usual) <= EVEN * usual):
        return span / (len(positions) - 1), odd, [0] * gaps.size
    counts = np.round(gaps / usual)
    missing = int(counts.sum()) - gaps.size
    worst = int(np.argmax(np.abs(gaps - usual)))
    where = f"between {heights[worst]:.2f} and {heights[worst + 1]:.2f} mm (usual spacing {usual:.3f} mm)"
    if np.all(np.abs(gaps - counts * usual) <= EVEN * usual) and missing <= len(positions):
        words = f"{missing} missing slices leave a gap {where}: they are empty, and left out of statistics"
        return span / counts.sum(), [*odd, words], [int(c) - 1 for c in counts]
    return normal * usual, [*odd, f"the spacing is uneven {where}; the grid takes the usual spacing"], [0] * gaps.size


def _tilt(span: Vector, normal: Vector) -> list[str]:
    length = float(np.linalg.norm(span))
    if span @ normal >= TILTED * length:
        return []
    angle = np.degrees(np.arccos(min(1.0, float(abs(span @ normal)) / length)))
    shift = np.sqrt(max(0.0, length**2 - float(span @ normal) ** 2))
    return [f"gantry tilt: slices are shifted by {angle:.1f} degrees, {shift:.1f} mm in all; the grid is sheared"]


def _spacing_warnings(found: tuple[float, float] | None, tag: str) -> list[str]:
    if found is None:
        return ["the pixel spacing is unknown: PixelSpacing is absent, zero or not two numbers"]
    if tag != "PixelSpacing":
        return [f"the pixel spacing is that of {tag}: at the detector, not in the patient"]
    return []
