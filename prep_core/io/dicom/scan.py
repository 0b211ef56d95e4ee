"""The files of one series to scans: pixels in order, values, which of them count, and where they came from."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom import pixels as dicom_pixels
from prep_core.io.dicom import values as dicom_values
from prep_core.io.dicom.about import findings, source
from prep_core.io.dicom.encoded import let_go
from prep_core.io.dicom.frames import frames_of
from prep_core.io.dicom.open import Headed, Opened, open_file
from prep_core.io.dicom.pictures import Picture, arranged, valid_in, with_axes
from prep_core.io.dicom.pixels import Frames, frame_count
from prep_core.io.dicom.place import Place, film, place
from prep_core.io.dicom.plain import Plain
from prep_core.io.dicom.segments import place_segments, segment_numbers
from prep_core.io.dicom.series import lying
from prep_core.io.dicom.stack import stacked
from prep_core.io.dicom.tags import number, word
from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits
from prep_core.scan import MODALITIES, Scan

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Pixels:
    """The values of a stack in order, and how they became so.

    Attributes
    ----------
    data, axes, valid
        As in a scan.
    padded : int
        How many voxels are padding.
    stored : dtype
        Of the numbers in the files.
    colour : bool
    converted : tuple of str
    decoders : sequence of str
    """

    data: NDArray[Any]
    axes: str
    valid: NDArray[np.bool_]
    padded: int
    stored: np.dtype[Any]
    colour: bool = False
    converted: tuple[str, ...] = ()
    decoders: Sequence[str] = ()


def scans_of(parts: Sequence[Plain | Opened], name: str, limits: Limits) -> list[Scan]:
    """The stacks in the files of one series: one, unless frames of a file lie in several orientations.

    Raises
    ------
    ReadError
        When none of the files can be read; one that is broken among others gives a warning.
    """
    _check_sum(parts, parts[0].file.shown if len(parts) == 1 else name, limits)
    plain = [part for part in parts if isinstance(part, Plain)]
    found = _of_plain(plain, name) if len(plain) == len(parts) else None
    return [found] if found else _of_all(parts, name, limits)


def _of_plain(parts: Sequence[Plain], name: str) -> Scan | None:
    """The stack of slices that need no decoder; None where they are not so simple after all."""
    tags = [part.ds for part in parts]
    lie = place(tags)
    try:
        stack = stacked(parts, lie)
    except ReadError:
        # Which of the files is not what it was is told when they are read one by one.
        return None
    if stack is None:
        return None
    data, axes = with_axes(stack.data, lie, "TZYX")
    files = [Opened(part.file, part.ds, sha) for part, sha in zip(parts, stack.digests, strict=True)]
    pixels = Pixels(data, axes, stack.valid.reshape(data.shape if stack.valid.ndim else ()), stack.padded, stack.stored)
    return _scan(files, tags, tags[0], pixels, lie, [], [], name)


def _of_all(parts: Sequence[Plain | Opened], name: str, limits: Limits) -> list[Scan]:
    opened, lost = _opened(parts, limits)
    decoded, broken = _decoded(opened, limits)
    pictures: list[Picture] = []
    are_slices = True
    for part, frames in decoded:
        tags, placed = frames_of(part.ds)
        are_slices = are_slices and (placed or len(tags) == 1)
        pictures += [Picture(t, part.ds, stored) for t, stored in zip(tags, frames.stored, strict=True)]
    stacks: dict[Any, list[Picture]] = {}
    for picture in pictures:
        stacks.setdefault(lying(picture.tags) if are_slices else None, []).append(picture)
    several = len(stacks) > 1
    return [
        _of_pictures(stack, opened, decoded, [*lost, *broken], f"{name}-{i}" if several else name, are_slices)
        for i, stack in enumerate(stacks.values(), 1)
    ]


def _check_sum(parts: Sequence[Headed], name: str, limits: Limits) -> None:
    ds = parts[0].ds
    shape = (sum(frame_count(part.ds) for part in parts), number(ds, "Rows", 0), number(ds, "Columns", 0))
    size = max(1, int(number(ds, "BitsAllocated", 16)) // 8)
    limits.check_array(name, (*map(int, shape), int(number(ds, "SamplesPerPixel", 1))), size)


def _opened(parts: Sequence[Plain | Opened], limits: Limits) -> tuple[list[Opened], list[str]]:
    """Each file read as a whole."""
    return _each(parts, lambda part: part if isinstance(part, Opened) else open_file(part.file, limits))


def _decoded(parts: Sequence[Opened], limits: Limits) -> tuple[list[tuple[Opened, Frames]], list[str]]:
    """Each file with its pixels, which are in its dataset no more."""
    return _each(parts, partial(_decode, limits))


def _decode(limits: Limits, part: Opened) -> tuple[Opened, Frames]:
    frames = dicom_pixels.decode(part.file.shown, part.ds, limits)
    let_go(part.ds)
    return part, frames


def _each(parts: Sequence[Given], make: Callable[[Given], Made]) -> tuple[list[Made], list[str]]:
    """What `make` makes of each of `parts`, several at a time; one that is broken among others is left out and told."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(partial(_outcome, make), parts))
    errors = [outcome for outcome in outcomes if isinstance(outcome, ReadError)]
    made = [outcome for outcome in outcomes if not isinstance(outcome, ReadError)]
    if not made:
        raise errors[0]
    return made, [f"left out: {error}" for error in errors]


def _outcome(make: Callable[[Given], Made], part: Given) -> Made | ReadError:
    try:
        return make(part)
    except ReadError as error:
        return error


def _of_pictures(
    pictures: list[Picture],
    opened: Sequence[Opened],
    decoded: Sequence[tuple[Opened, Frames]],
    broken: list[str],
    name: str,
    are_slices: bool,
) -> Scan:
    tags, first = [p.tags for p in pictures], decoded[0][1]
    segments = segment_numbers(tags)
    lie = place_segments(tags, segments) if segments else place(tags) if are_slices else film(tags)
    stored = [p.stored for p in pictures]
    values = dicom_values.as_stored(stored) if first.colour else dicom_values.values(tags, stored)
    data, axes = arranged(len(stored), values, lie, first.colour, bool(segments))
    valid, padded = valid_in(pictures, lie, first.colour, data.shape, bool(segments))
    decoders = sorted({frames.decoder for _, frames in decoded if frames.decoder})
    pixels = Pixels(
        data, axes, valid, padded, dicom_values.as_stored(stored)[0], first.colour, first.converted, decoders
    )
    return _scan(opened, tags, pictures[0].file, pixels, lie, segments, broken, name)


def _scan(
    parts: Sequence[Opened],
    tags: list[Dataset],
    ds: Dataset,
    pixels: Pixels,
    lie: Place,
    segments: Sequence[int],
    broken: Sequence[str],
    name: str,
) -> Scan:
    """The scan of `pixels`, with all that the tags say of it."""
    unit = dicom_values.unit(tags[0])
    changed = [] if pixels.colour else dicom_values.told(tags, pixels.stored, pixels.data.dtype, unit)
    return Scan(
        pixels.data,
        pixels.axes,
        lie.affine,
        lie.spacing_known,
        unit,
        word(ds, "Modality") if word(ds, "Modality") in MODALITIES else "OT",
        pixels.valid,
        display_inverted=word(ds, "PhotometricInterpretation") == "MONOCHROME1",
        channels=("R", "G", "B") if pixels.colour else tuple(f"segment {n}" for n in segments),
        name=name,
        source=source(parts, tags, lie, pixels.decoders, [*pixels.converted, *changed], broken, name),
        findings=findings(ds, tags, pixels.data, lie, pixels.padded),
    )
