"""Small DICOM files for the tests, every tag of which is given by the test that needs it."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CANARY = "PHICANARY"
SERIES = generate_uid(entropy_srcs=["series"])
UPRIGHT = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
COLUMNS, ROWS = 5, 4


def plane(start: int = 0, dtype: str = "int16") -> NDArray[Any]:
    """ROWS x COLUMNS different numbers from `start` on."""
    return (np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) + start).astype(dtype)


def dataset(pixels: NDArray[Any] | None = None, **tags: Any) -> Dataset:
    """An upright CT slice of 0.5 x 0.75 mm pixels; a tag given as None is left out."""
    pixels = plane() if pixels is None else pixels
    bits = 8 * pixels.dtype.itemsize
    base: Mapping[str, Any] = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2",
        "SOPInstanceUID": generate_uid(),
        "SeriesInstanceUID": SERIES,
        "StudyInstanceUID": SERIES,
        "Modality": "CT",
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": ROWS,
        "Columns": COLUMNS,
        "BitsAllocated": bits,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        "PixelSpacing": [0.75, 0.5],
        "ImageOrientationPatient": list(UPRIGHT),
        "ImagePositionPatient": [0.0, 0.0, 0.0],
        "PixelData": pixels.tobytes() + b"\0" * (pixels.nbytes % 2),
    }
    ds = Dataset()
    for keyword, value in {**base, **tags}.items():
        if value is not None:
            setattr(ds, keyword, value)
    ds["PixelData"].VR = "OW" if bits > 8 else "OB"
    return ds


def as_bytes(ds: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    """`ds` as the content of a file."""
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    stream = io.BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def save(path: Path, ds: Dataset) -> Path:
    """`ds` as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(ds))
    return path


def stack(folder: Path, heights: Sequence[float], order: Sequence[int] | None = None, **tags: Any) -> Path:
    """An upright series; slice i, of numbers from 100 i on, is at `heights[i]` and in file `order[i]`."""
    for i, height in enumerate(heights):
        number = order[i] if order else i
        own = {"ImagePositionPatient": [0.0, 0.0, height], "InstanceNumber": number, **tags}
        save(folder / f"IM{number:03d}.dcm", dataset(plane(100 * i), **own))
    return folder
