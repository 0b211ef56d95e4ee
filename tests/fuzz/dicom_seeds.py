"""Small DICOM files, one for each transfer syntax that can be made here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import imagecodecs
import numpy as np
from pydicom import Dataset, uid
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence

from tests.io.dicom.slices import CANARY, SERIES, as_bytes, dataset

PLANE = (np.arange(16 * 20).reshape(16, 20) % 251).astype(np.uint8)
TAGS: Mapping[str, Any] = {
    "SOPInstanceUID": SERIES,
    "Rows": 16,
    "Columns": 20,
    "PatientName": CANARY,
    "RescaleSlope": 1,
    "RescaleIntercept": -1024,
    "RescaleType": "HU",
    "PixelPaddingValue": 0,
    "WindowCenter": [40, 400],
    "WindowWidth": [80, 2000],
}

Encoder = Callable[[Any], bytes]

STREAMS: Mapping[str, tuple[str, Encoder]] = {
    "rle": (uid.RLELossless, lambda plane: _rle(plane)),
    "jpeg": (uid.JPEGBaseline8Bit, partial(imagecodecs.jpeg8_encode, level=90)),
    "jpeg-lossless": (uid.JPEGLosslessSV1, imagecodecs.ljpeg_encode),
    "jpegls": (uid.JPEGLSLossless, imagecodecs.jpegls_encode),
    "j2k": (uid.JPEG2000Lossless, partial(imagecodecs.jpeg2k_encode, codecformat="j2k", reversible=True, level=0)),
    "htj2k": (uid.HTJ2KLossless, imagecodecs.htj2k_encode),
}


def plain(syntax: str = uid.ExplicitVRLittleEndian, **tags: Any) -> bytes:
    """A slice with its pixels as they are."""
    return as_bytes(dataset(PLANE, **TAGS, **tags), syntax)


def encoded(syntax: str, encode: Encoder) -> bytes:
    """A slice with its pixels compressed."""
    ds = dataset(PLANE, **TAGS)
    ds.PixelData = encapsulate([encode(PLANE)])
    ds["PixelData"].is_undefined_length = True
    return as_bytes(ds, syntax)


def multiframe() -> bytes:
    """An enhanced file of three frames, each with its own place and slope."""
    frames = []
    for height in (0.0, 2.0, 4.0):
        place, scale, frame = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = [0.0, 0.0, height]
        scale.RescaleSlope, scale.RescaleIntercept = 1 + height, -1024
        frame.PlanePositionSequence = Sequence([place])
        frame.PixelValueTransformationSequence = Sequence([scale])
        frames.append(frame)
    tags = {**TAGS, "NumberOfFrames": 3, "PerFrameFunctionalGroupsSequence": Sequence(frames)}
    pixels = np.stack([PLANE, PLANE + 1, PLANE + 2])
    return as_bytes(dataset(pixels, **tags, ImagePositionPatient=None))


def palette() -> bytes:
    """Numbers that stand for colours."""
    colours = np.arange(256, dtype=np.uint16).tobytes()
    names = ("Red", "Green", "Blue")
    tags: dict[str, Any] = {f"{name}PaletteColorLookupTableData": colours for name in names}
    tags |= {f"{name}PaletteColorLookupTableDescriptor": [256, 0, 16] for name in names}
    return plain(PhotometricInterpretation="PALETTE COLOR", **tags)


def _rle(plane: Any) -> bytes:
    """One segment of literal runs (PS3.5 G.3): a header of 64 bytes, then at most 128 bytes a run."""
    raw = plane.tobytes()
    runs = (raw[i : i + 128] for i in range(0, len(raw), 128))
    body = b"".join(bytes([len(run) - 1]) + run for run in runs)
    header = np.zeros(16, "<u4")
    header[:2] = 1, 64
    return header.tobytes() + body + b"\0" * (len(body) % 2)


DICOM: Mapping[str, Callable[[], bytes]] = {
    "dicom": plain,
    "dicom-implicit": partial(plain, uid.ImplicitVRLittleEndian),
    "dicom-big": partial(plain, uid.ExplicitVRBigEndian),
    "dicom-deflated": partial(plain, uid.DeflatedExplicitVRLittleEndian),
    "dicom-frames": multiframe,
    "dicom-palette": palette,
    **{f"dicom-{name}": partial(encoded, *how) for name, how in STREAMS.items()},
}
