"""Frames of one DICOM file: each as a small dataset of its own, and whether they have places or are a film."""

import numpy as np
from pydicom import Dataset

from prep_core.io.dicom.pixels import frame_count
from prep_core.io.dicom.place import orientation, position
from prep_core.io.dicom.tags import items, number, numbers, told, word, words

MOVING = ("FrameTime", "FrameTimeVector", "CineRate", "RecommendedDisplayFrameRate")
FILMS = ("US", "XA", "RF", "ES")
VIEWS = frozenset(("STATIC", "DYNAMIC", "GATED", "WHOLE BODY", "TOMO", "GATED TOMO"))
"""Kinds of nuclear images whose frames are views or times, not slices (PS3.3 C.8.4.9.1.1.3)."""

COPIED = (
    "Rows",
    "Columns",
    "Modality",
    "PixelSpacing",
    "ImagerPixelSpacing",
    "NominalScannedPixelSpacing",
    "SequenceOfUltrasoundRegions",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SliceThickness",
    "SpacingBetweenSlices",
    "RescaleSlope",
    "RescaleIntercept",
    "RescaleType",
    "ModalityLUTSequence",
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
    "Units",
    "DoseUnits",
    "DoseGridScaling",
    "SegmentationType",
    "MaximumFractionalValue",
)
"""What a frame has from its file where it has no own; all that is looked up in a frame."""


def frames_of(ds: Dataset) -> tuple[list[Dataset], bool]:
    """A flat dataset for each frame of `ds`, and whether each has a place of its own."""
    own = items(ds, "PerFrameFunctionalGroupsSequence")
    if frame_count(ds) == 1 and not own:
        return [ds], position(ds) is not None
    shared = items(ds, "SharedFunctionalGroupsSequence")
    groups = own if len(own) == frame_count(ds) else [Dataset()] * frame_count(ds)
    frames = [_flat(ds, [*shared, group]) for group in groups]
    if own and all(position(frame) is not None for frame in frames):
        return frames, True
    offsets = _offsets(ds)
    if offsets:
        _place_at(frames, offsets, ds)
    return frames, bool(offsets)


def _flat(ds: Dataset, groups: list[Dataset]) -> Dataset:
    """PS3.3 C.7.6.16: what the file says, what all frames share, and what one has of its own."""
    flat = Dataset()
    for keyword in COPIED:
        if told(ds, keyword) is not None:
            flat.add(ds[keyword])
    for item in (item for group in groups for keyword in group.dir() for item in items(group, keyword)[:1]):
        flat.update(item)
    return flat


def _place_at(frames: list[Dataset], offsets: list[float], ds: Dataset) -> None:
    """Give each frame the position at its offset from the first, along the normal."""
    # PS3.3 C.8.4.11: a nuclear image has its place in the first item of its detectors.
    lying = next((item for item in (ds, *items(ds, "DetectorInformationSequence")) if position(item) is not None), ds)
    origin = position(lying)
    start = np.zeros(3) if origin is None else origin
    normal = np.cross(*orientation(lying))
    for frame, offset in zip(frames, offsets, strict=True):
        # A new element for each: those that came from the file are shared by all frames.
        frame.add_new("ImagePositionPatient", "DS", [round(float(v), 6) for v in start + offset * normal])
        frame.add_new("ImageOrientationPatient", "DS", list(np.concatenate(orientation(lying)).round(9)))


def _offsets(ds: Dataset) -> list[float]:
    """Distances of the frames from the first along the normal, in mm; none for a film."""
    count = frame_count(ds)
    told = numbers(ds, "GridFrameOffsetVector")
    if len(told) == count:
        # PS3.3 C.8.8.3.2: distances along the normal where the first is 0, else positions on the patient's z axis.
        down = told[0] != 0 and np.cross(*orientation(ds))[2] < 0
        return [(told[0] - offset) if down else (offset - told[0]) for offset in told]
    step, turns = number(ds, "SpacingBetweenSlices", 0.0), numbers(ds, "SliceVector")
    if not step or _is_film(ds):
        return []
    if len(turns) == count:
        return [(turn - 1) * step for turn in turns]
    return [i * step for i in range(count)]


def _is_film(ds: Dataset) -> bool:
    kind = words(ds, "ImageType")[2:3]
    if word(ds, "Modality") == "NM" and kind:
        return kind[0] in VIEWS
    return word(ds, "Modality") in FILMS or any(keyword in ds for keyword in MOVING)
