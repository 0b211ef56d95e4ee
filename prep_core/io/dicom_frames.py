"""Frames of one DICOM file that lie at different places: each as a small dataset of its own."""

import numpy as np
from pydicom import Dataset

from prep_core.io.dicom_pixels import frame_count
from prep_core.io.dicom_place import orientation, position
from prep_core.io.dicom_tags import number, numbers, word

MOVING = ("FrameTime", "FrameTimeVector", "CineRate", "RecommendedDisplayFrameRate")
FILMS = ("US", "XA", "RF", "ES")
COPIED = ("Modality", "PixelSpacing", "ImageOrientationPatient", "RescaleSlope", "RescaleIntercept", "DoseUnits")


def frames_of(ds: Dataset) -> list[Dataset]:
    """A flat dataset for each frame, where the frames have places of their own; none for a film or a single image."""
    if frame_count(ds) == 1 and "PerFrameFunctionalGroupsSequence" not in ds:
        return []
    return _functional_groups(ds) or _with_offsets(ds)


def _functional_groups(ds: Dataset) -> list[Dataset]:
    """PS3.3 C.7.6.16: what all frames share, and what each has of its own."""
    own = ds.get("PerFrameFunctionalGroupsSequence") or []
    shared = ds.get("SharedFunctionalGroupsSequence") or []
    flat = []
    for frame in own if len(own) == frame_count(ds) else []:
        merged = Dataset()
        merged.Modality = word(ds, "Modality")
        for group in (*shared, frame):
            for element in group:
                if element.VR == "SQ" and element.value:
                    merged.update(element.value[0])
        flat.append(merged)
    return flat if all(position(frame) is not None for frame in flat) else []


def _with_offsets(ds: Dataset) -> list[Dataset]:
    normal = np.cross(*orientation(ds))
    origin = position(ds)
    start = np.zeros(3) if origin is None else origin
    flat = []
    for offset in _offsets(ds):
        frame = Dataset()
        for keyword in COPIED:
            if keyword in ds:
                frame.add(ds[keyword])
        frame.ImagePositionPatient = [round(float(v), 6) for v in start + offset * normal]
        # PS3.3 C.8.8.3.4.1: the dose is the stored number times the scaling.
        if number(ds, "DoseGridScaling", 0.0):
            frame.RescaleSlope = number(ds, "DoseGridScaling", 1.0)
        flat.append(frame)
    return flat


def _offsets(ds: Dataset) -> list[float]:
    """Distances of the frames from the first along the normal, in mm."""
    count = frame_count(ds)
    told = numbers(ds, "GridFrameOffsetVector")
    if len(told) == count:
        return [offset - told[0] for offset in told]
    step = number(ds, "SpacingBetweenSlices", 0.0)
    is_film = word(ds, "Modality") in FILMS or any(keyword in ds for keyword in MOVING)
    return [i * step for i in range(count)] if step > 0 and not is_film else []
