"""Where DICOM slices lie: sorted along their normal, with the one affine of the stack and what is odd about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom.findings import duplicate_slices, gantry_tilt, missing_slices, uneven_spacing
from prep_core.io.dicom.tags import RESIZED, ULTRASOUND, number, numbers, pixel_spacing
from prep_core.io.geometry import Vector, affine_of, is_size
from prep_core.scan import Finding

EVEN = 0.02
"""Distances between slices that differ by less than this share are even; positions are written with few digits."""

SAME = 1e-3
"""Slices closer than this, in mm, lie at one position."""

MISSING = -1
"""In the order of slices: one that is not there."""

TURNS = (
    "TemporalPositionIdentifier",
    "TemporalPositionIndex",
    "EchoTime",
    "EffectiveEchoTime",
    "DiffusionBValue",
    "TriggerTime",
    "NominalCardiacTriggerDelayTime",
    "AcquisitionNumber",
    "InstanceNumber",
)
"""The tags that sort slices at one position."""


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
    findings : tuple of Finding
        What is odd about the distances between slices.
    converted : tuple of str
        How slices were put in order.
    times : int
        How many stacks there are at the same place.
    """

    order: list[int]
    affine: NDArray[np.float64]
    spacing_known: bool
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    converted: tuple[str, ...] = ()
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


def place(slices: Sequence[Dataset]) -> Place:
    """Sort `slices` (one dataset or one functional group for each) by position, and lay the grid through them."""
    along_row, along_column = orientation(slices[0])
    found, tag = pixel_spacing(slices[0])
    rows, columns = found or (1.0, 1.0)
    steps = [along_row * columns, along_column * rows]
    normal = np.cross(along_row, along_column)
    known = [p for ds in slices if (p := position(ds)) is not None]
    size = (found is not None, tuple(_spacing_warnings(found, tag) + _differing(slices)))
    if len(slices) == 1 or len(known) < len(slices):
        return _unplaced(slices, steps, normal, known, size)
    heights = np.array([float(p @ normal) for p in known])
    levels = _levels(heights, [_turn(ds, i) for i, ds in enumerate(slices)])
    times, told, repeated = _times(levels, heights)
    first = [known[level[0]] for level in levels]
    step, odd, gaps = _between(first, normal)
    filled = [
        i for level, gap in zip(levels, [*gaps, 0], strict=True) for i in (level[:times], *[[MISSING] * times] * gap)
    ]
    order = [level[t] for t in range(times) for level in filled]
    affine = affine_of([*steps, step], first[0])
    how = ("slices were sorted by their position along the normal",) if len(levels) > 1 else ()
    arranged = (*how, f"{times} slices at every position became T") if times > 1 else how
    return Place(order, affine, size[0], (*size[1], *told), (*repeated, *odd), arranged, times)


def film(slices: Sequence[Dataset]) -> Place:
    """Frames at one place, in the order of the file."""
    lie, count = place(slices[:1]), len(slices)
    told = (f"{count} frames became T, in the order of the file",) if count > 1 else ()
    return replace(lie, order=list(range(count)), times=count, converted=told)


def _unplaced(
    slices: Sequence[Dataset],
    steps: list[Vector],
    normal: Vector,
    known: list[Vector],
    size: tuple[bool, tuple[str, ...]],
) -> Place:
    """A single slice, or slices without positions."""
    thick = number(slices[0], "SliceThickness", 0.0) or number(slices[0], "SpacingBetweenSlices", 0.0)
    step = normal * (thick if is_size(thick) else 1.0)
    several = len(slices) > 1
    odd = ("slices have no positions; they stay in the order of their numbers, one step apart",) if several else ()
    order = sorted(range(len(slices)), key=lambda i: number(slices[i], "InstanceNumber", i))
    affine = affine_of([*steps, step], known[0] if known else np.zeros(3))
    return Place(order, affine, size[0], (*size[1], *odd))


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


def _times(levels: list[list[int]], heights: NDArray[np.float64]) -> tuple[int, list[str], list[Finding]]:
    """How many whole stacks there are, and what is odd about it."""
    counts = {len(level) for level in levels}
    if counts == {1}:
        return 1, [], []
    if len(counts) == 1:
        (times,) = counts
        return times, [f"{times} slices lie at every position (phases, echoes or time points); read along T"], []
    return 1, [], [duplicate_slices([(float(heights[level[0]]), len(level)) for level in levels])]


def _between(positions: list[Vector], normal: Vector) -> tuple[Vector, list[Finding], list[int]]:
    """The step from slice to slice, what is odd about the distances, and how many slices are missing in each gap."""
    heights = np.array([p @ normal for p in positions])
    gaps = np.diff(heights)
    if not gaps.size:
        return normal, [], []
    usual = float(np.sort(gaps)[(gaps.size - 1) // 2])
    span = positions[-1] - positions[0]
    tilt = gantry_tilt(span, normal)
    odd = [tilt] if tilt else []
    if np.all(np.abs(gaps - usual) <= EVEN * usual):
        return span / (len(positions) - 1), odd, [0] * gaps.size
    counts = np.round(gaps / usual)
    missing = int(counts.sum()) - gaps.size
    worst = int(np.argmax(np.abs(gaps - usual)))
    ends = (float(heights[worst]), float(heights[worst + 1]))
    if np.all(np.abs(gaps - counts * usual) <= EVEN * usual) and missing <= len(positions):
        return span / counts.sum(), [*odd, missing_slices(missing, ends, usual)], [int(c) - 1 for c in counts]
    return normal * usual, [*odd, uneven_spacing(gaps, ends, usual)], [0] * gaps.size


def _differing(slices: Sequence[Dataset]) -> list[str]:
    """One grid has one pixel size; slices that say otherwise are told."""
    found = [spacing for ds in slices if (spacing := pixel_spacing(ds)[0])]
    low, high = (np.min(found, axis=0), np.max(found, axis=0)) if found else (np.ones(2), np.ones(2))
    if np.all(high - low <= EVEN * low):
        return []
    return [f"the pixel spacing differs between slices: {low.min():g} to {high.max():g} mm; that of the first is used"]


def _spacing_warnings(found: tuple[float, float] | None, tag: str) -> list[str]:
    if tag == RESIZED:
        return ["the pixel spacing is unknown: its ultrasound region does not fit into the picture, which was resized"]
    if found is None and tag == ULTRASOUND:
        return ["the pixel spacing is unknown: its ultrasound regions have different scales"]
    if found is None:
        return ["the pixel spacing is unknown: PixelSpacing is absent, zero or not two numbers"]
    if tag == ULTRASOUND:
        return ["the pixel spacing is that of its ultrasound region: outside of the region it has no meaning"]
    if tag != "PixelSpacing":
        return [f"the pixel spacing is that of {tag}: at the detector, not in the patient"]
    return []
