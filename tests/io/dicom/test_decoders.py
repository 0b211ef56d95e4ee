"""Compressed DICOM: every decoder gives the numbers that were compressed, and a second is asked where one fails."""

from collections.abc import Callable
from typing import Any

import imagecodecs
import jpeg_ls
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLSLossless,
    JPEGLSNearLossless,
)

from prep_core.io import ReadError, load
from prep_core.io.dicom.decoders import DECODERS, DIRECT, VERSIONS, decode_by, signed
from prep_core.io.dicom.encoded import frames_in
from prep_core.io.errors import DECODER_FAULTS
from tests.io.dicom.slices import as_bytes, dataset

SHAPE = (24, 40)
Pixels = NDArray[Any]


def numbers(bits: int, is_signed: bool = False, samples: int = 1) -> Pixels:
    """Every kind of number of so many bits, the lowest and highest among them."""
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if is_signed else (0, 2**bits - 1)
    shape = SHAPE if samples == 1 else (*SHAPE, samples)
    values = np.random.default_rng(bits).integers(low, high + 1, shape)
    values.flat[:2] = low, high
    return values.astype(f"{'i' if is_signed else 'u'}{1 if bits <= 8 else 2}")


def compressed(stream: bytes, pixels: Pixels, syntax: str, bits: int, **tags: object) -> Dataset:
    """`pixels` as a file that says how they are stored and holds `stream`."""
    size = 8 * pixels.dtype.itemsize
    own = {"Rows": SHAPE[0], "Columns": SHAPE[1], "BitsAllocated": size, "BitsStored": bits, "HighBit": bits - 1}
    if pixels.ndim == 3:
        own |= {"SamplesPerPixel": 3, "PlanarConfiguration": 0, "PhotometricInterpretation": "RGB"}
    ds = dataset(pixels, **own, Modality="OT", **tags)
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].is_undefined_length = True
    as_bytes(ds, syntax)
    return ds


def as_unsigned(pixels: Pixels, bits: int) -> Pixels:
    """The bits of signed numbers, as codecs without a sign take them."""
    return (pixels.astype(np.int64) & (2**bits - 1)).astype(f"u{pixels.dtype.itemsize}")


def jpeg_2000(pixels: Pixels, bits: int) -> bytes:
    stream: bytes = imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True, level=0, bitspersample=bits)
    return stream


def unsigned_jpeg_2000(pixels: Pixels, bits: int) -> bytes:
    return jpeg_2000(as_unsigned(pixels, bits), bits)


def htj2k(pixels: Pixels, bits: int) -> bytes:
    stream: bytes = imagecodecs.htj2k_encode(pixels)
    return stream


def jpeg_ls_of(pixels: Pixels, bits: int) -> bytes:
    flat = np.ascontiguousarray(as_unsigned(pixels, bits))
    layout = {"samples_per_pixel": 3, "planar_configuration": 0} if pixels.ndim == 3 else {"samples_per_pixel": 1}
    stream = jpeg_ls.encode_buffer(
        flat.tobytes(), rows=SHAPE[0], columns=SHAPE[1], bits_stored=bits, lossy_error=0, interleave_mode=2, **layout
    )
    return bytes(stream)


def lossless_jpeg(predictor: int) -> Callable[[Pixels, int], bytes]:
    def encode(pixels: Pixels, bits: int) -> bytes:
        unsigned = as_unsigned(pixels, bits)
        stream: bytes = imagecodecs.jpeg_encode(unsigned, lossless=True, predictor=predictor, bitspersample=bits)
        return stream

    return encode


CASES = [
    *((JPEG2000Lossless, jpeg_2000, bits, sign, 1) for bits in (8, 10, 12, 13, 16) for sign in (False, True)),
    *((JPEG2000Lossless, unsigned_jpeg_2000, bits, True, 1) for bits in (8, 12, 13, 16)),
    *((JPEG2000Lossless, jpeg_2000, bits, False, 3) for bits in (8, 12, 16)),
    *((HTJ2KLossless, htj2k, bits, sign, 1) for bits in (8, 16) for sign in (False, True)),
    (HTJ2KLossless, htj2k, 8, False, 3),
    *((JPEGLSLossless, jpeg_ls_of, bits, sign, 1) for bits in (6, 7, 8, 12, 16) for sign in (False, True)),
    (JPEGLSLossless, jpeg_ls_of, 8, False, 3),
    *((JPEGLossless, lossless_jpeg(p), 12, False, 1) for p in range(1, 8)),
    *((JPEGLossless, lossless_jpeg(1), bits, sign, 1) for bits in (8, 12, 16) for sign in (False, True)),
    (JPEGLossless, lossless_jpeg(1), 8, False, 3),
]


@pytest.mark.parametrize(("syntax", "encode", "bits", "is_signed", "samples"), CASES)
def test_lossless_pixels_are_those_that_were_compressed(
    syntax: UID, encode: Callable[[Pixels, int], bytes], bits: int, is_signed: bool, samples: int
) -> None:
    pixels = numbers(bits, is_signed, samples)
    ds = compressed(encode(pixels, bits), pixels, syntax, bits)
    (scan,) = load(as_bytes(ds, syntax))
    np.testing.assert_array_equal(scan.data, np.moveaxis(pixels, -1, 0) if samples == 3 else pixels)
    assert scan.data.dtype == pixels.dtype
    assert scan.source.reader.split("pixels by ")[1] in [VERSIONS[name] for name in DECODERS[syntax]]


UNABLE = (RuntimeError, ValueError, NotImplementedError)


@pytest.mark.parametrize(("syntax", "encode", "bits", "is_signed", "samples"), CASES)
def test_decoders_agree(
    syntax: UID, encode: Callable[[Pixels, int], bytes], bits: int, is_signed: bool, samples: int
) -> None:
    pixels = numbers(bits, is_signed, samples)
    ds = compressed(encode(pixels, bits), pixels, syntax, bits)
    frames = frames_in("x", ds, (1, *SHAPE))
    able = 0
    for decoder in {*DECODERS[syntax], "gdcm"}:
        try:
            found, _ = decode_by(decoder, ds, frames)
        except UNABLE:
            continue
        able += 1
        np.testing.assert_array_equal(found.reshape(pixels.shape), pixels, err_msg=decoder)
    assert able


def test_where_the_first_decoder_fails_the_second_is_asked_and_named() -> None:
    pixels = smooth(12)
    stream = imagecodecs.jpeg_encode(pixels, level=98, bitspersample=12)
    ds = compressed(stream, pixels, JPEGExtended12Bit, 12)
    first, second = DECODERS[JPEGExtended12Bit]
    with pytest.raises(DECODER_FAULTS):
        decode_by(first, ds, frames_in("x", ds, (1, *SHAPE)))
    (scan,) = load(as_bytes(ds, JPEGExtended12Bit))
    assert scan.source.reader == f"pydicom {pydicom.__version__}; pixels by {VERSIONS[second]}"


@pytest.mark.parametrize("bits", [7, 8])
def test_near_lossless_jpeg_ls_is_as_near_as_it_says(bits: int) -> None:
    pixels = numbers(bits)
    stream = jpeg_ls.encode_array(pixels, lossy_error=2)
    ds = compressed(bytes(stream), pixels, JPEGLSNearLossless, bits)
    (scan,) = load(as_bytes(ds, JPEGLSNearLossless))
    off = np.abs(scan.data.astype(int) - pixels)
    assert 0 < off.max() <= 2


def smooth(bits: int) -> Pixels:
    """A picture that JPEG keeps nearly."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return ((2**bits - 1) * (0.5 + 0.4 * np.sin(x / 9) * np.cos(y / 7))).astype(np.uint8 if bits == 8 else np.uint16)


@pytest.mark.parametrize(
    ("syntax", "bits", "reader"),
    [(JPEGBaseline8Bit, 8, "pillow"), (JPEGExtended12Bit, 8, "pillow"), (JPEGExtended12Bit, 12, DIRECT)],
)
def test_lossy_jpeg_of_8_and_12_bits(syntax: UID, bits: int, reader: str) -> None:
    pixels = smooth(bits)
    stream = imagecodecs.jpeg_encode(pixels, level=98, bitspersample=bits)
    (scan,) = load(as_bytes(compressed(stream, pixels, syntax, bits), syntax))
    np.testing.assert_allclose(scan.data.astype(int), pixels, atol=3 * 2 ** (bits - 8))
    assert scan.source.reader == f"pydicom {pydicom.__version__}; pixels by {VERSIONS[reader]}"


def test_two_decoders_of_lossy_jpeg_are_within_one_of_each_other() -> None:
    pixels = smooth(8)
    ds = compressed(imagecodecs.jpeg_encode(pixels, level=80), pixels, JPEGBaseline8Bit, 8)
    frames = frames_in("x", ds, (1, *SHAPE))
    found = [decode_by(decoder, ds, frames)[0].astype(int) for decoder in (*DECODERS[JPEGBaseline8Bit], "gdcm")]
    assert len(found) == 3
    assert np.ptp(np.stack([f.reshape(SHAPE) for f in found]), axis=0).max() <= 1


@pytest.mark.parametrize("name", ["examples_jpeg2k.dcm", "GDCMJ2K_TextGBR.dcm"])
def test_every_decoder_undoes_the_transform_of_colours(name: str) -> None:
    ds = pydicom.dcmread(str(get_testdata_file(name)))
    frames = frames_in("x", ds, (1, ds.Rows, ds.Columns))
    found = [decode_by(decoder, ds, frames) for decoder in (*DECODERS[JPEG2000Lossless], "gdcm")]
    assert [interpretation for _, interpretation in found] == ["RGB"] * 3
    for pixels, _ in found:
        np.testing.assert_array_equal(pixels.reshape(ds.Rows, ds.Columns, 3), found[0][0].reshape(ds.Rows, -1, 3))


@pytest.mark.parametrize("name", ["JPEG-lossy.dcm", "JPGExtended.dcm"])
def test_a_12_bit_jpeg_in_the_wild(name: str) -> None:
    path = get_testdata_file(name)
    (scan,) = load(str(path))
    assert (scan.data.dtype, scan.data.shape, scan.data.min(), scan.data.max()) == (np.uint16, (1024, 256), 0, 264)


def test_a_stream_that_no_decoder_reads_is_refused_with_their_names() -> None:
    pixels = numbers(8)
    stream = bytearray(jpeg_2000(pixels, 8))
    stream[60:-2] = bytes(len(stream) - 62)
    with pytest.raises(ReadError, match=r"none of pylibjpeg, imagecodecs reads its JPEG 2000"):
        load(as_bytes(compressed(bytes(stream), pixels, JPEG2000, 8), JPEG2000))


@pytest.mark.parametrize(
    ("syntax", "stream"),
    [
        (JPEGBaseline8Bit, imagecodecs.jpeg_encode(np.zeros(SHAPE, np.uint8))),
        (JPEGLossless, imagecodecs.jpeg_encode(np.zeros(SHAPE, np.uint8), lossless=True)),
        (JPEGLSLossless, imagecodecs.jpegls_encode(np.zeros(SHAPE, np.uint8))),
        (JPEG2000, imagecodecs.jpeg2k_encode(np.zeros(SHAPE, np.uint8), codecformat="j2k")),
        (HTJ2K, imagecodecs.htj2k_encode(np.zeros(SHAPE, np.uint8))),
    ],
)
@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"Rows": 12, "Columns": 80}, "is 24 x 40, but its tags declare 12 x 80"),
        ({"SamplesPerPixel": 3, "PlanarConfiguration": 0}, "is 24 x 40 x 1, but its tags declare 24 x 40 x 3"),
        ({"NumberOfFrames": 2}, "(holds 1 frames, but its tags declare 2|cannot be decoded)"),
    ],
)
def test_a_stream_of_another_size_is_refused_before_it_is_decoded(
    syntax: UID, stream: bytes, tags: dict[str, object], words: str
) -> None:
    ds = compressed(stream, np.zeros(SHAPE, np.uint8), syntax, 8)
    ds.update({pydicom.datadict.tag_for_keyword(k): _element(k, v) for k, v in tags.items()})
    with pytest.raises(ReadError, match=words):
        load(as_bytes(ds, syntax))


def _element(keyword: str, value: object) -> pydicom.DataElement:
    return pydicom.DataElement(keyword, pydicom.datadict.dictionary_VR(keyword), value)


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGLSLossless, JPEG2000])
def test_a_stream_without_an_end_is_refused(syntax: UID) -> None:
    encode = {JPEGBaseline8Bit: imagecodecs.jpeg_encode, JPEGLSLossless: imagecodecs.jpegls_encode}
    pixels = smooth(8)
    stream = encode[syntax](pixels) if syntax in encode else jpeg_2000(pixels, 8)
    ds = compressed(stream[: len(stream) * 2 // 3], pixels, syntax, 8)
    with pytest.raises(ReadError, match="is truncated: a frame of its JPEG"):
        load(as_bytes(ds, syntax))


def test_what_is_no_stream_is_refused() -> None:
    ds = compressed(b"raw numbers " * 20, numbers(8), JPEG2000, 8)
    with pytest.raises(ReadError, match="transfer syntax says JPEG, but its pixels do not decode"):
        load(as_bytes(ds, JPEG2000))


def test_signs_and_unused_bits() -> None:
    found = signed(np.array([0x0FFF, 0x0800, 0x07FF, 0xF001], np.uint16), 12, True, 16)
    assert (found.tolist(), found.dtype) == ([-1, -2048, 2047, 1], np.int16)
    assert signed(np.array([0xF123], np.uint16), 12, False, 16).tolist() == [0x123]
