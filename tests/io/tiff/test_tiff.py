"""TIFF in its many forms, against the arrays that tifffile wrote into it and the headers that were put there."""

import io
import struct
from collections.abc import Mapping
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from prep_core.io import AxesNeeded, Limits, ReadError, load
from tests.io.tiff.files import RNG, SMOOTH, one, tif, told

RGB = np.stack([SMOOTH, SMOOTH[::-1], SMOOTH[:, ::-1]], axis=-1)
LOSSLESS = ("lzw", "zlib", "zstd", "packbits", "lzma", "png")
LOSSY: Mapping[str, dict[str, Any]] = {
    "jpeg": {"level": 90},
    "webp": {"level": 90, "lossless": False},
    "jpeg2000": {"level": 40, "reversible": False},
}


@pytest.mark.parametrize("compression", LOSSLESS)
@pytest.mark.parametrize("layout", [{}, {"tile": (16, 32)}, {"rowsperstrip": 7}])
def test_lossless_codecs_give_every_bit(compression: str, layout: dict[str, Any]) -> None:
    data = RNG.integers(0, 65535, (48, 64), dtype=np.uint16)
    scan = one(tif(data, compression=compression, **layout))
    np.testing.assert_array_equal(scan.data, data)
    assert "lossy" not in scan.source.facts


@pytest.mark.parametrize(("predictor", "dtype"), [(2, "uint8"), (2, "uint16"), (2, "int32"), (3, "float32"), (3, "f8")])
@pytest.mark.parametrize("order", ["<", ">"])
def test_predictors_are_undone(predictor: int, dtype: str, order: str) -> None:
    data = RNG.uniform(0, 200, (48, 64)).astype(dtype)
    scan = one(tif(data, compression="zlib", predictor=predictor, byteorder=order))
    assert scan.data.dtype == dtype
    np.testing.assert_array_equal(scan.data, data)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16"])
def test_every_type_of_sample(dtype: str, big: bool, order: str) -> None:
    data = (np.arange(60).reshape(6, 10) * 3 - (90 if dtype[0] in "ifc" else 0)).astype(dtype)
    scan = one(tif(data, byteorder=order, bigtiff=big))
    assert (scan.data.dtype, scan.data.dtype.isnative) == (data.dtype, True)
    np.testing.assert_array_equal(scan.data, data)


@pytest.mark.parametrize("bits", [2, 4, 10, 12, 14, 24])
def test_packed_samples_keep_their_numbers(bits: int) -> None:
    data = RNG.integers(0, 2**bits, (6, 10), dtype=np.uint32)
    packed = np.packbits(((data[..., None] >> np.arange(bits)[::-1]) & 1).astype(np.uint8).reshape(6, -1), axis=1)
    scan = one(with_tags(tif(packed), {256: 10, 258: bits}))
    np.testing.assert_array_equal(scan.data, data)
    assert scan.source.facts["bits"] == bits


def with_tags(data: bytes, values: dict[int, int]) -> bytes:
    """`data` with other numbers in tags of its first page."""
    stream = io.BytesIO(data)
    with tifffile.TiffFile(stream, mode="r+") as opened:
        for code, value in values.items():
            opened.pages[0].tags[code].overwrite(value)
    return stream.getvalue()


def test_one_bit_gives_zeros_and_ones() -> None:
    data = RNG.integers(0, 2, (6, 13)).astype(bool)
    scan = one(tif(data))
    assert scan.data.dtype == np.uint8
    np.testing.assert_array_equal(scan.data, data)


def test_floats_of_24_bits() -> None:
    data = np.array([[1.5, -2.25], [0.0, 1e3]], np.float32)
    body = imagecodecs.float24_encode(data, byteorder=">")
    typed = tif(np.zeros((2, 2), np.float32), byteorder=">")
    with tifffile.TiffFile(io.BytesIO(typed)) as opened:
        (at,) = opened.pages[0].dataoffsets
    placed = typed[:at] + body + typed[at + len(body) :]
    np.testing.assert_array_equal(one(with_tags(placed, {258: 24, 279: 12})).data, data)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("bands", [3, 5])
def test_both_planar_configurations(planar: str, dtype: type, bands: int) -> None:
    data = RNG.uniform(0, 255, (12, 20, bands)).astype(dtype)
    stored = data if planar == "contig" else np.moveaxis(data, -1, 0)
    extra = {"photometric": "rgb"} if bands == 3 else {"extrasamples": ["unspecified"] * 4}
    scan = one(tif(stored, planarconfig=planar, **extra))
    assert (scan.axes, scan.data.dtype) == ("CYX", dtype)
    np.testing.assert_array_equal(scan.data, np.moveaxis(data, -1, 0))
    assert scan.channels == (("R", "G", "B") if bands == 3 else ())


@pytest.mark.parametrize(("compression", "settings"), LOSSY.items())
@pytest.mark.parametrize("colours", [False, True])
def test_lossy_codecs_are_close_and_called_lossy(compression: str, settings: dict[str, Any], colours: bool) -> None:
    coloured = colours or compression == "webp"
    data, kind = (RGB, "rgb") if coloured else (SMOOTH, "minisblack")
    scan = one(tif(data, compression=compression, photometric=kind, compressionargs=settings))
    difference = np.abs(scan.data.astype(int) - (np.moveaxis(data, -1, 0) if coloured else data))
    assert 0 < difference.max() < 24
    assert np.median(difference) <= 2
    assert scan.source.facts["lossy"] == "01"
    assert "lossy" in [finding.name for finding in scan.findings]


@pytest.mark.parametrize(("compression", "words"), [("webp", {"lossless": True}), ("jpeg2000", {"reversible": True})])
def test_lossless_settings_of_lossy_codecs_are_not_called_lossy(compression: str, words: dict[str, Any]) -> None:
    scan = one(tif(RGB, compression=compression, photometric="rgb", compressionargs=words))
    np.testing.assert_array_equal(scan.data, np.moveaxis(RGB, -1, 0))
    assert "lossy" not in scan.source.facts


def test_lerc_without_tolerance_is_exact() -> None:
    data = RNG.normal(size=(48, 64)).astype(np.float32)
    np.testing.assert_array_equal(one(tif(data, compression="lerc")).data, data)


def test_ycbcr_of_a_jpeg_becomes_rgb() -> None:
    scan = one(tif(RGB, compression="jpeg", photometric="rgb", subsampling=(2, 2)))
    assert scan.source.facts["photometric"] == "YCBCR"
    assert scan.channels == ("R", "G", "B")
    assert np.median(np.abs(scan.data.astype(int) - np.moveaxis(RGB, -1, 0))) <= 4


def old_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """A whole JPEG behind the tags that TIFF 6.0, section 22, has for it (compression 6)."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=95, subsampling=0)
    body, (height, width, _) = stream.getvalue(), rgb.shape
    bits = 8 + 2 + 12 * 12 + 4
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, bits), (259, 3, 1, 6), (262, 3, 1, 6)]
    entries += [(273, 4, 1, bits + 6), (277, 3, 1, 3), (278, 4, 1, height), (279, 4, 1, len(body))]
    entries += [(513, 4, 1, bits + 6), (514, 4, 1, len(body)), (530, 3, 2, 0x10001)]
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<2sHIH", b"II", 42, 8, 12) + directory + struct.pack("<I3H", 0, 8, 8, 8) + body


def test_old_jpeg() -> None:
    scan = one(old_jpeg(RGB))
    assert np.abs(scan.data.astype(int) - np.moveaxis(RGB, -1, 0)).max() < 9
    assert (scan.source.facts["compression"], scan.source.facts["lossy"]) == ("OJPEG", "01")


@pytest.mark.parametrize("kind", [5, 6, 8, 9], ids=["separated", "ycbcr", "cielab", "icclab"])
def test_colours_that_are_not_rgb_are_refused(kind: int) -> None:
    data, extra = (np.dstack([RGB, SMOOTH]), {"extrasamples": [0]}) if kind == 5 else (RGB, {})
    raw = with_tags(tif(data, photometric="rgb", **extra), {262: kind})
    with pytest.raises(ReadError, match=r"convert it to .*RGB first"):
        one(raw)


def test_colours_of_a_palette_with_16_bits_are_kept() -> None:
    table = RNG.integers(0, 65535, (3, 256)).astype(np.uint16)
    index = np.arange(63, dtype=np.uint8).reshape(7, 9)
    scan = one(tif(index, photometric="palette", colormap=table))
    np.testing.assert_array_equal(scan.data, table[:, index])
    assert scan.source.converted == ("the numbers of a palette were replaced by its uint16 colours",)


def test_dropped_transparency_is_told_as_a_conversion() -> None:
    scan = one(tif(np.dstack([RGB, SMOOTH]), photometric="rgb", extrasamples=["unassalpha"]))
    assert any("alpha" in words for words in scan.source.converted)
    assert told(scan, "alpha")


def test_no_data_of_gdal_is_not_valid() -> None:
    data = np.arange(60, dtype=np.int16).reshape(6, 10)
    data[2:4, 3:5] = -9999
    scan = one(tif(data, extratags=[(42113, "s", 0, "-9999", True)]))
    np.testing.assert_array_equal(scan.valid, data != -9999)
    assert told(scan, "4 samples are -9999")


@pytest.mark.parametrize("count", [3, 4])
def test_few_pages_are_never_colours(count: int) -> None:
    data = np.stack([SMOOTH] * count)
    with pytest.raises(AxesNeeded, match=f"{count} pages .*--axes ZYX") as asked:
        one(tif(data))
    assert asked.value.choices == ("ZYX", "TYX", "CYX")
    assert one(tif(data), axes="ZYX").channels == ()


def test_a_pyramid_is_read_at_its_full_level() -> None:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as out:
        out.write(SMOOTH, subifds=2, tile=(16, 16), metadata=None)
        out.write(SMOOTH[::2, ::2], subfiletype=1, tile=(16, 16), metadata=None)
        out.write(SMOOTH[::4, ::4], subfiletype=1, tile=(16, 16), metadata=None)
    scan = one(stream.getvalue())
    np.testing.assert_array_equal(scan.data, SMOOTH)
    assert told(scan, "a pyramid: its full level is read, 2 smaller ones")


def test_pictures_of_different_size_are_scans_of_their_own() -> None:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as out:
        out.write(SMOOTH, metadata=None)
        out.write(RGB[:20], metadata=None, photometric="rgb")
        out.write(SMOOTH[::8, ::8], metadata=None, subfiletype=1)
    first, second = load(stream.getvalue(), name="two.tif")
    np.testing.assert_array_equal(first.data, SMOOTH)
    np.testing.assert_array_equal(second.data, np.moveaxis(RGB[:20], -1, 0))
    assert told(first, "holds 2 pictures of different size")
    assert told(first, "1 smaller picture")


@pytest.mark.parametrize("cut", ["end", "empty", "short"])
@pytest.mark.parametrize("form", [{}, {"compression": "zlib"}, {"tile": (16, 16)}])
def test_missing_pieces_are_never_filled_with_zeros(cut: str, form: dict[str, Any]) -> None:
    raw = tif(RNG.integers(0, 65535, (48, 64), dtype=np.uint16), **({"rowsperstrip": 16} | form))
    if cut == "end":
        raw = raw[:-700]
    else:
        code = 325 if "tile" in form else 279
        with tifffile.TiffFile(io.BytesIO(raw)) as opened:
            counts = list(opened.pages[0].tags[code].value)
        counts[1] = 0 if cut == "empty" else counts[1] // 2
        raw = with_tags(raw, {code: tuple(counts)})
    words = {"end": "page 0 ends behind the end of the file", "empty": "empty strips or tiles", "short": "truncated"}
    with pytest.raises(ReadError, match=rf"picture\.tif .*{words[cut]}"):
        one(raw)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    raw = tif(np.zeros((2048, 2048), np.uint8), compression="zlib")
    with pytest.raises(ReadError, match=r"limit ratio = 20; .*Limits\(ratio="):
        one(raw, limits=Limits(ratio=20, ratio_from=2**20))


def test_many_small_bombs_are_one_large_one() -> None:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as out:
        for height in range(100, 120):
            out.write(np.zeros((height, 1000), np.uint8), compression="zlib", metadata=None)
    limits = Limits(ratio=50, ratio_from=1_000_000)
    with pytest.raises(ReadError, match="limit ratio = 50"):
        one(stream.getvalue(), limits=limits)


def test_pages_above_the_limit() -> None:
    raw = tif(np.zeros((40, 2, 2), np.uint8))
    with pytest.raises(ReadError, match=r"its number of pages 40 is above the limit pages = 39; .*Limits\(pages=64\)"):
        one(raw, limits=Limits(pages=39))
    assert one(raw, limits=Limits(pages=40), axes="ZYX").size("Z") == 40


def test_a_tile_far_larger_than_its_picture_is_refused() -> None:
    raw = tif(np.zeros((16, 16), np.uint8), tile=(16, 16), compression="zlib")
    with pytest.raises(ReadError, match="tiles of 65536 x 65536 are far larger than its picture of 16 x 16"):
        one(with_tags(raw, {322: (2**16,), 323: (2**16,)}))
    assert one(tif(np.zeros((16, 16), np.uint8), tile=(512, 512))).data.shape == (16, 16)
