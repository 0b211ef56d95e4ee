"""The files of one series to scans: pixels in order, values, which of them count, and where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.answers import in_order
from prep_core.io.dicom import pixels as dicom_pixels
from prep_core.io.dicom import values as dicom_values
from prep_core.io.dicom.about import findings, source
from prep_core.io.dicom.frames import frames_of
from prep_core.io.dicom.open import Opened
from prep_core.io.dicom.pixels import Frames, frame_count
from prep_core.io.dicom.place import MISSING, Place, film, place
from prep_core.io.dicom.segments import place_segments, segment_numbers
from prep_core.io.dicom.series import lying
from prep_core.io.dicom.tags import number, word
from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits
from prep_core.scan import MODALITIES, Scan


@dataclass(frozen=True)
class Picture:
    """One slice or frame: its tags, those of its file, and its stored numbers as (rows, columns) or (3, ...)."""

    tags: Dataset
    file: Dataset
    stored: NDArray[Any]


def scans_of(parts: list[Opened], name: str, limits: Limits) -> list[Scan]:
    """The stacks in the files of one series: one, unless frames of a file lie in several orientations.

    Raises
    ------
    ReadError
        When none of the files can be read; one that is broken among others gives a warning.
    """
    _check_sum(parts, parts[0].file.shown if len(parts) == 1 else name, limits)
    decoded, broken = _decoded(parts, limits)
    pictures: list[Picture] = []
    are_slices = True
    for part, frames in decoded:
        tags, placed = frames_of(part.ds)
        are_slices = are_slices and (placed or len(tags) == 1)
        pictures += [Picture(t, part.ds, stored) for t, stored in zip(tags, frames.stored, strict=True)]
    stacks: dict[Any, list[Picture]] = {}
    for picture in pictures:
        stacks.setdefault(lying(picture.tags) if are_slices else None, []).append(picture)
    about = [frames for _, frames in decoded]
    several = len(stacks) > 1
    return [
        _scan(stack, parts, about, broken, f"{name}-{i}" if several else name, are_slices)
        for i, stack in enumerate(stacks.values(), 1)
    ]


def _check_sum(parts: list[Opened], name: str, limits: Limits) -> None:
    ds = parts[0].ds
    shape = (sum(frame_count(part.ds) for part in parts), number(ds, "Rows", 0), number(ds, "Columns", 0))
    size = max(1, int(number(ds, "BitsAllocated", 16)) // 8)
    limits.check_array(name, (*map(int, shape), int(number(ds, "SamplesPerPixel", 1))), size)


def _decoded(parts: list[Opened], limits: Limits) -> tuple[list[tuple[Opened, Frames]], list[str]]:
    """The pixels of each file; one that is broken among others is left out and told."""
    frames, errors = [], []
    for part in parts:
        try:
            frames.append((part, dicom_pixels.decode(part.file.shown, part.ds, limits)))
        except ReadError as error:
            errors.append(error)
    if not frames:
        raise errors[0]
    return frames, [f"left out: {error}" for error in errors]


def _scan(
    pictures: list[Picture],
    parts: list[Opened],
    frames: list[Frames],
    broken: list[str],
    name: str,
    are_slices: bool,
) -> Scan:
    tags, ds, colour = [p.tags for p in pictures], pictures[0].file, frames[0].colour
    segments = segment_numbers(tags)
    lie = place_segments(tags, segments) if segments else place(tags) if are_slices else film(tags)
    stored = [p.stored for p in pictures]
    pixels = stored if colour else dicom_values.values(tags, stored)
    unit = dicom_values.unit(tags[0])
    data, axes = _arranged(pixels, lie, colour, bool(segments))
    valid, padded = _valid(pictures, lie, colour, data.shape, bool(segments))
    told = [*frames[0].converted, *([] if colour else dicom_values.told(tags, _common(stored), data.dtype, unit))]
    return Scan(
        data,
        axes,
        lie.affine,
        lie.spacing_known,
        unit,
        word(ds, "Modality") if word(ds, "Modality") in MODALITIES else "OT",
        valid,
        display_inverted=word(ds, "PhotometricInterpretation") == "MONOCHROME1",
        channels=("R", "G", "B") if colour else tuple(f"segment {n}" for n in segments),
        name=name,
        source=source(parts, tags, lie, frames, told, broken, name),
        findings=findings(ds, tags, data, lie, padded),
    )


def _common(stored: Sequence[NDArray[Any]]) -> np.dtype[Any]:
    return np.result_type(*{s.dtype for s in stored})


def _arranged(pictures: Sequence[NDArray[Any]], lie: Place, colour: bool, by_segment: bool) -> tuple[NDArray[Any], str]:
    """Pictures in order as (T, Z, C, Y, X) without those axes of length 1; a missing one is as low as any, or 0."""
    empty = 0 if by_segment or MISSING not in lie.order else min(p.min() for p in pictures)
    ordered = np.empty((len(lie.order), *pictures[0].shape), _common(pictures))
    for place_in, i in enumerate(lie.order):
        ordered[place_in] = empty if i == MISSING else pictures[i]
    shape = (lie.times, len(lie.order) // lie.times, *pictures[0].shape)
    axes = "TZCYX" if colour else "CZYX" if by_segment else "TZYX"
    kept = "".join(a for a, n in zip(axes, shape, strict=True) if a in "CYX" or n > 1)
    return in_order(ordered.reshape([n for a, n in zip(axes, shape, strict=True) if a in kept]), kept)


def _valid(
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
