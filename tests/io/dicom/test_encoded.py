"""Compressed DICOM whose stream does not hold what the tags declare."""

import gzip
import zlib

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    RLELossless,
)

from prep_core.io import Limits, ReadError, load
from tests.io.dicom.slices import as_bytes, dataset, plane


def compressed(stream: bytes, syntax: str, **tags: object) -> bytes:
    ds = dataset(plane(dtype="uint8"), PixelData=encapsulate([stream]), **tags)
    ds["PixelData"].is_undefined_length = True
    return as_bytes(ds, syntax)


def test_a_jpeg_2000_of_the_declared_size_is_read() -> None:
    stream = imagecodecs.jpeg2k_encode(plane(dtype="uint8"), codecformat="j2k", reversible=True, level=0)
    (scan,) = load(compressed(stream, JPEG2000Lossless))
    np.testing.assert_array_equal(scan.data, plane())


def test_a_jpeg_2000_of_another_size_is_refused() -> None:
    stream = imagecodecs.jpeg2k_encode(np.zeros((64, 32), np.uint8), codecformat="j2k", reversible=True, level=0)
    with pytest.raises(ReadError, match="JPEG 2000 is 64 x 32, but its tags declare 4 x 5"):
        load(compressed(stream, JPEG2000Lossless))


def test_run_lengths_far_longer_than_the_picture_are_refused() -> None:
    with pytest.raises(ReadError, match="bytes of RLE for a declared size of 20 bytes"):
        load(compressed(bytes(100_000), RLELossless))


def test_a_deflated_file_is_inflated_within_the_limits() -> None:
    data = as_bytes(dataset(), DeflatedExplicitVRLittleEndian)
    np.testing.assert_array_equal(load(data)[0].data, plane())
    with pytest.raises(ReadError, match=r"inflated size in bytes .* limit decoded_bytes = 50"):
        load(data, limits=Limits(decoded_bytes=50))


def test_a_damaged_deflated_file_is_refused() -> None:
    data = as_bytes(dataset(), DeflatedExplicitVRLittleEndian)
    start = 144 + int.from_bytes(data[140:144], "little")
    assert zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start:])
    with pytest.raises(ReadError, match="deflated part is damaged"):
        load(data[:start] + b"\xff" * (len(data) - start), name="bad.dcm")


@pytest.mark.parametrize("colours", ["YBR_FULL_422", "YBR_PARTIAL_420"])
def test_subsampled_colours_in_run_lengths_are_refused(colours: str) -> None:
    tags = {"SamplesPerPixel": 3, "PlanarConfiguration": 0, "PhotometricInterpretation": colours}
    with pytest.raises(ReadError, match="RLE with subsampled colours, which DICOM does not allow"):
        load(compressed(bytes(100), RLELossless, **tags))


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"BitsStored": 20}, "impossible bits: BitsStored 20 of BitsAllocated 16"),
        ({"BitsStored": None}, "impossible bits: BitsStored 0 of BitsAllocated 16"),
        ({"SamplesPerPixel": 4}, "cannot be decoded|colours of a kind that is not read here"),
        ({"NumberOfFrames": 3}, "cannot be decoded"),
        ({"Rows": None}, "no voxels: its size is 1 x 0 x 5"),
    ],
)
def test_tags_that_contradict_the_pixels_are_refused(tags: dict[str, object], words: str) -> None:
    with pytest.raises(ReadError, match=words):
        load(as_bytes(dataset(**tags)))


def test_a_gzipped_slice_is_read() -> None:
    (scan,) = load(gzip.compress(as_bytes(dataset())), name="slice.gz")
    np.testing.assert_array_equal(scan.data, plane())


@pytest.mark.parametrize("syntax", [ExplicitVRBigEndian, ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_a_dataset_without_its_preamble_is_read(syntax: str) -> None:
    data = as_bytes(dataset(plane(300).byteswap() if syntax == ExplicitVRBigEndian else plane(300)), syntax)
    start = 144 + int.from_bytes(data[140:144], "little")
    (scan,) = load(data[start:], name="bare.dcm")
    np.testing.assert_array_equal(scan.data, plane(300))


def test_a_private_syntax_is_named() -> None:
    data = as_bytes(dataset()).replace(b"1.2.840.10008.1.2.1\0", b"1.2.3.4.5.6.7.8.9.1\0")
    with pytest.raises(ReadError, match=r"transfer syntax 1\.2\.3\.4\.5\.6\.7\.8\.9\.1"):
        load(data)
