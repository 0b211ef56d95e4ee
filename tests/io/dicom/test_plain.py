"""Slices that are read straight into one array are the same as those that pydicom decodes one by one."""

import gzip
import hashlib
import io
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.uid import ImplicitVRLittleEndian

from prep_core.io import Answers, Limits, load
from prep_core.io.dicom.open import Opened
from prep_core.io.dicom.plain import HEADERS, plain
from prep_core.io.dicom.reader import read
from prep_core.io.dicom.scan import scans_of
from prep_core.io.files import digest_of, from_mapping, of_bytes
from prep_core.scan import Scan
from tests.io.dicom.slices import as_bytes, dataset, plane

HEIGHTS = (3.0, 0.0, 6.0, 9.0)
RNG = np.random.default_rng(5)


def series(dtype: str = "int16", syntax: str | None = None, heights: tuple[float, ...] = HEIGHTS, **tags: Any) -> Any:
    """Files of a series by name; a tag that is a list of lists has one entry for each slice."""
    files = {}
    for i, height in enumerate(heights):
        own = {k: v[i] if isinstance(v, tuple) else v for k, v in tags.items()}
        ds = dataset(plane(10 * i, dtype), ImagePositionPatient=[0.0, 0.0, height], InstanceNumber=i, **own)
        files[f"{i}.dcm"] = as_bytes(ds, syntax) if syntax else as_bytes(ds)
    return files


def told(scan: Scan) -> dict[str, Any]:
    """All that a scan says, without its pixels and the digest, which differs for a packed file."""
    about = asdict(
        replace(
            scan, source=replace(scan.source, sha256=""), data=np.zeros((1,) * scan.data.ndim), valid=np.array(True)
        )
    )
    about.pop("data")
    about.pop("valid")
    return {**about, "affine": scan.affine.tolist()}


CASES: dict[str, Any] = {
    "as stored": series(),
    "unsigned": series("uint16"),
    "bytes": series("uint8"),
    "signed bytes": series("int8"),
    "32 bits": series("int32"),
    "implicit": series(syntax=ImplicitVRLittleEndian),
    "intercept": series(RescaleSlope=1, RescaleIntercept=-1024),
    "below zero": series("uint16", RescaleSlope=1, RescaleIntercept=-1024),
    "whole slope": series("uint16", RescaleSlope=3, RescaleIntercept=-7),
    "negative slope": series(RescaleSlope=-2, RescaleIntercept=5),
    "by slice": series(RescaleSlope=(1, 2, 3, 4), RescaleIntercept=(0, 0, -5, 5)),
    "too wide": series("uint8", RescaleSlope=100, RescaleIntercept=0),
    "fractions": series(RescaleSlope=(0.5, 1, 1, 2.25), RescaleIntercept=-3),
    "padding": series(PixelPaddingValue=12),
    "padding and line": series(PixelPaddingValue=12, RescaleSlope=1, RescaleIntercept=-1024),
    "padding range": series("uint16", PixelPaddingValue=5, PixelPaddingRangeLimit=14),
    "padding nowhere": series(PixelPaddingValue=-30000),
    "missing": series(heights=(0.0, 2.0, 4.0, 8.0), PixelPaddingValue=12),
    "missing and line": series(heights=(0.0, 2.0, 4.0, 8.0), RescaleSlope=-1, RescaleIntercept=3),
    "times": series(heights=(0.0, 0.0, 2.0, 2.0)),
    "duplicate": series(heights=(0.0, 1.0, 1.0, 2.0)),
    "without positions": series(ImageOrientationPatient=None),
    "one": series(heights=(0.0,)),
    "12 bits": series("uint16", BitsStored=6, HighBit=5),
    "12 bits signed": series(BitsStored=6, HighBit=5),
    "inverted": series("uint16", PhotometricInterpretation="MONOCHROME1"),
    "mixed types": {**series(heights=(0.0,)), "1.dcm": series("int32")["1.dcm"]},
}


@pytest.mark.parametrize("name", CASES)
def test_they_are_those_of_packed_files_which_pydicom_decodes(name: str) -> None:
    files = CASES[name]
    assert all(plain(of_bytes(f"a/{key}", data)) for key, data in files.items())
    (ours,) = load(files)
    (theirs,) = load({key: gzip.compress(data) for key, data in files.items()})
    assert ours.data.dtype == theirs.data.dtype
    np.testing.assert_array_equal(ours.data, theirs.data)
    np.testing.assert_array_equal(ours.valid, theirs.valid)
    assert ours.valid.strides == theirs.valid.strides
    assert told(ours) == told(theirs)
    assert ours.source.sha256 == digest_of([hashlib.sha256(data).hexdigest() for data in files.values()])


@pytest.mark.parametrize("slope", [1, -3, 7])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32"])
def test_values_up_to_the_ends_of_their_type(dtype: str, slope: int) -> None:
    ends = np.iinfo(dtype)
    stored = RNG.integers(ends.min, ends.max, (2, 4, 5), dtype, endpoint=True)
    stored[:, 0, :2] = ends.min, ends.max
    tags = {"RescaleSlope": slope, "RescaleIntercept": -77}
    files = {
        f"{i}.dcm": as_bytes(dataset(part, ImagePositionPatient=[0.0, 0.0, float(i)], **tags))
        for i, part in enumerate(stored)
    }
    (scan,) = load(files)
    expected = stored.astype(object) * slope - 77
    assert scan.data.astype(object).tolist() == expected.tolist()


def with_bytes_behind(data: bytes) -> bytes:
    """With a tag behind the pixels (PS3.3 C.12: data set trailing padding)."""
    return data + b"\xfc\xff\xfc\xffOB\0\0\4\0\0\0\0\0\0\0"


@pytest.mark.parametrize(
    "data",
    [
        as_bytes(dataset(RescaleSlope=1))[:-1],
        with_bytes_behind(as_bytes(dataset())),
        as_bytes(dataset(HighBit=14, BitsStored=12)),
        as_bytes(dataset(PhotometricInterpretation="PALETTE COLOR")),
        as_bytes(dataset(Rows=5)),
        as_bytes(dataset(NumberOfFrames=2, Rows=2)),
        gzip.compress(as_bytes(dataset())),
        b"not DICOM" * 100,
    ],
    ids=["cut", "bytes behind", "shifted", "palette", "other size", "frames", "packed", "other format"],
)
def test_what_is_not_plain_is_left_to_pydicom(data: bytes) -> None:
    assert plain(of_bytes("a/b.dcm", data)) is None


@pytest.mark.parametrize("size", [HEADERS[0] - 2000, HEADERS[0], HEADERS[1] - 2000, HEADERS[1]])
def test_a_long_header(size: int) -> None:
    data = as_bytes(dataset(DataSetTrailingPadding=None, EncapsulatedDocument=b"x" * size))
    found = plain(of_bytes("a/b.dcm", data))
    assert (found is not None) == (size < HEADERS[1])
    (scan,) = load(data)
    np.testing.assert_array_equal(scan.data, plane())


def test_no_pixels_are_kept_with_the_header() -> None:
    found = plain(of_bytes("a/b.dcm", as_bytes(dataset())))
    assert found is not None
    assert found.ds.get_item("PixelData", keep_deferred=True).value is None
    assert pydicom.dcmread(io.BytesIO(as_bytes(dataset()))).PixelData


def opened(folder: Path) -> list[Any]:
    files = from_mapping({p.name: p.read_bytes() for p in sorted(folder.iterdir())}, "a", Limits())
    return [plain(file) for file in files]


def test_a_file_that_changes_between_header_and_pixels_is_left_out_and_told(tmp_path: Path) -> None:
    files = series()
    for key, data in files.items():
        (tmp_path / key).write_bytes(data)
    before = load(tmp_path)
    parts = opened(tmp_path)
    other = as_bytes(dataset(plane(), RescaleSlope=2, ImagePositionPatient=[0.0, 0.0, 9.0]))
    parts[3] = replace(parts[3], file=replace(of_bytes("a/3.dcm", other[:-3]), size=len(other)))
    (scan,) = scans_of(parts, "a", Limits())
    assert scan.source.warnings[0].startswith("left out: 3.dcm changed while it was read; wait until it is complete")
    assert scan.data.shape[0] == 3 == before[0].data.shape[0] - 1


def test_plain_and_other_files_of_one_series_are_one_scan() -> None:
    files = series()
    files["1.dcm"] = with_bytes_behind(files["1.dcm"])
    found = [part for key, data in files.items() if (part := plain(of_bytes(f"a/{key}", data)))]
    assert len(found) == 3
    assert not any(isinstance(part, Opened) for part in found)
    (scan,) = read([of_bytes(f"a/{key}", data) for key, data in files.items()], Answers(), Limits())
    np.testing.assert_array_equal(scan.data, load(series())[0].data)
