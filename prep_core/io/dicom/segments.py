"""Segmentations with several segments: one channel for each, on one grid of slices."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from pydicom import Dataset

from prep_core.io.dicom.place import MISSING, SAME, Place, film, orientation, place, position
from prep_core.io.dicom.tags import number, word

KINDS = ("BINARY", "FRACTIONAL")
"""Types of segmentation whose frames belong to one segment each (PS3.3 C.8.20.2.3)."""


def segment_numbers(frames: Sequence[Dataset]) -> list[int]:
    """The segments that the frames belong to; none where it is fewer than two."""
    if word(frames[0], "SegmentationType") not in KINDS:
        return []
    found = sorted({int(number(frame, "ReferencedSegmentNumber", 0)) for frame in frames})
    return found if len(found) > 1 else []


def place_segments(frames: Sequence[Dataset], segments: Sequence[int]) -> Place:
    """Every segment on the same slices, as if they were times; a slice without a frame is `MISSING`, and empty.

    A position that no segment has a frame for is empty too, so gaps are nothing odd.
    """
    normal = np.cross(*orientation(frames[0]))
    positions = [position(frame) for frame in frames]
    levels = [0 if p is None else round(float(p @ normal) / SAME) for p in positions]
    distinct = sorted(set(levels))
    firsts = [frames[levels.index(level)] for level in distinct]
    lie = place(firsts) if len(firsts) > 1 else film(firsts)
    at = {
        (int(number(frame, "ReferencedSegmentNumber", 0)), level): i
        for i, (frame, level) in enumerate(zip(frames, levels, strict=True))
    }
    order = [
        MISSING if i == MISSING else at.get((segment, distinct[i]), MISSING) for segment in segments for i in lie.order
    ]
    told = f"the frames of {len(segments)} segments became C"
    return replace(lie, order=order, times=len(segments), findings=(), converted=(*lie.converted, told))
