"""Pictures that were decoded one by one, as one array: slices in order, segments, films, colours."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.answers import in_order
from prep_core.io.dicom import pixels as dicom_pixels
from prep_core.io.dicom.place import MISSING, Place
from prep_core.io.dicom.values import Values


@dataclass(frozen=True)
class Picture:
    """One slice or frame: its tags, those of its file, and its stored numbers as (rows, columns) or (3, ...)."""

    tags: Dataset
    file: Dataset
    stored: NDArray[Any]


def arranged(count: int, values: Values, lie: Place, colour: bool, by_segment: bool) -> tuple[NDArray[Any], str]:
    """So many pictures in order as (T, Z, C, Y, X) without those axes of length 1; a missing one is as low as any or 0.

    Each is made where it is needed, as together they take as much memory as the array.
    """
    kind, of = values
    empty = 0 if by_segment or MISSING not in lie.order else min(of(i).min() for i in range(count))
    ordered = np.empty((len(lie.order), *of(0).shape), kind)
    for place_in, i in enumerate(lie.order):
        ordered[place_in] = empty if i == MISSING else of(i)
    return with_axes(ordered, lie, "TZCYX" if colour else "CZYX" if by_segment else "TZYX")


def with_axes(ordered: NDArray[Any], lie: Place, axes: str) -> tuple[NDArray[Any], str]:
    """Slices in their order as an array with `axes`, without those before C, Y, X that have a length of 1."""
    shape = (lie.times, len(lie.order) // lie.times, *ordered.shape[1:])
    kept = "".join(a for a, n in zip(axes, shape, strict=True) if a in "CYX" or n > 1)
    return in_order(ordered.reshape([n for a, n in zip(axes, shape, strict=True) if a in kept]), kept)


def valid_in(
    pictures: list[Picture], lie: Place, colour: bool, shape: tuple[int, ...], by_segment: bool
) -> tuple[NDArray[np.bool_], int]:
    """Which voxels count beside being finite, and how many are padding; one True where all do."""
    outside = [None if colour else dicom_pixels.padding(p.file, p.stored) for p in pictures]
    shown = [outside[i] for i in lie.order if i != MISSING]
    padded = sum(int(np.count_nonzero(out)) for out in shown if out is not None)
    if not padded and (by_segment or MISSING not in lie.order):
        return np.array(True), 0
    inside = [np.ones(p.stored.shape, bool) if out is None else ~out for p, out in zip(pictures, outside, strict=True)]
    valid = np.stack([np.zeros_like(inside[0]) if i == MISSING else inside[i] for i in lie.order])
    return valid.reshape(shape), padded
