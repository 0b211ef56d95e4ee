"""Headers without pixels: they tell the same series as the whole files, and what is no image."""

import gzip
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    generate_uid,
)

from prep_core.io import ReadError
from prep_core.io.dicom.header import header_of
from prep_core.io.dicom.open import Headed, open_file
from prep_core.io.dicom.series import names_of, series_of
from prep_core.io.files import from_path, of_bytes
from prep_core.io.limits import Limits
from tests.io.dicom.slices import as_bytes, dataset, plane
from tests.io.dicom.test_pydicom_files import FILES

STRUCTURES = "1.2.840.10008.5.1.4.1.1.481.3"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
OF_A_MAKER = "1.3.12.2.1107.5.9.1"


def found_in(data: bytes) -> Headed | None:
    return header_of(of_bytes("head/x.dcm", data))


def without_pixels(uid: str, **tags: object) -> Dataset:
    ds = dataset(SOPClassUID=uid, **tags)
    del ds.PixelData
    return ds


def test_headers_tell_the_series_and_names_that_whole_files_tell() -> None:
    headed, opened = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for file in map(from_path, FILES.values()):
            try:
                opened.append(open_file(file, Limits()))
            except ReadError:
                continue
            found = header_of(file)
            assert found is not None, file.name
            headed.append(found)
        short, whole = series_of(headed), series_of(opened)
        assert len(opened) > 150
        assert [[one.file.name for one in g] for g in short] == [[one.file.name for one in g] for g in whole]
        assert max(map(len, whole)) > 1
        assert names_of(short) == names_of(whole)


@pytest.mark.parametrize(
    "data",
    [
        as_bytes(dataset()),
        as_bytes(dataset(), ImplicitVRLittleEndian),
        as_bytes(dataset(plane(dtype="uint8")), ExplicitVRBigEndian),
        as_bytes(dataset(), DeflatedExplicitVRLittleEndian),
        gzip.compress(as_bytes(dataset())),
        gzip.compress(as_bytes(dataset(), DeflatedExplicitVRLittleEndian)),
    ],
    ids=["explicit", "implicit", "big-endian", "deflated", "gzip", "gzip-deflated"],
)
def test_every_way_to_write_a_slice_tells_the_same(data: bytes) -> None:
    found = found_in(data)
    assert found is not None
    assert len(series_of([found, Headed(found.file, dataset())])) == 1


@pytest.mark.parametrize(
    "name",
    ["DICOMDIR", "reportsi.dcm", "rtstruct.dcm", "rtplan_truncated.dcm", "waveform_ecg.dcm", "ExplVR_BigEndNoMeta.dcm"],
)
def test_what_is_no_image_is_passed_over(name: str) -> None:
    (path,) = {file for file in FILES.values() if file.name == name and file.parent.name != "TINY_ALPHA"}
    assert header_of(from_path(path)) is None


def test_an_object_of_a_maker_is_no_image_where_it_has_no_rows() -> None:
    assert found_in(as_bytes(without_pixels(OF_A_MAKER, Rows=None, Columns=None))) is None
    assert found_in(as_bytes(without_pixels(OF_A_MAKER))) is not None


@pytest.mark.parametrize("uid", ["1.2.840.10008.5.1.4.1.1.2", SEGMENTATION])
def test_an_image_that_lost_its_pixels_is_not_passed_over(uid: str) -> None:
    assert found_in(as_bytes(without_pixels(uid))) is not None


def test_contours_with_pixels_are_read_as_an_image() -> None:
    assert found_in(as_bytes(dataset(SOPClassUID=STRUCTURES))) is not None


def test_an_image_that_is_cut_anywhere_is_not_passed_over() -> None:
    data = as_bytes(dataset(SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1", SeriesInstanceUID=generate_uid()))
    told = []
    for end in range(len(data)):
        try:
            assert found_in(data[:end]) is not None, end
            told.append(end)
        except ReadError as error:
            assert "x.dcm " in str(error)
    assert set(told) > set(range(len(data) - plane().nbytes, len(data)))
    assert told[0] > len(data) // 2


@pytest.mark.parametrize("pack", [gzip.compress, bytes], ids=["gzip", "deflated"])
def test_of_a_packed_file_only_the_beginning_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    large = dataset(np.zeros((4096, 4096), np.int16), Rows=4096, Columns=4096)
    syntax = ExplicitVRLittleEndian if pack is gzip.compress else DeflatedExplicitVRLittleEndian
    data = pack(as_bytes(large, syntax))
    assert len(data) < 2**16
    tracemalloc.start()
    try:
        assert found_in(data) is not None
        assert tracemalloc.get_traced_memory()[1] < 2**24 < 4096 * 4096 * 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [b"", b"DICM", bytes(2000), b"\x93NUMPY" + bytes(300)])
def test_what_is_not_dicom_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"x\.dcm is not a DICOM file"):
        found_in(data)
