"""PNG, JPEG and BMP in their odd forms, against what was put in."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from prep_core.io import Limits, ReadError, load
from prep_core.scan import Scan

MAGIC = b"\x89PNG\r\n\x1a\n"
RNG = np.random.default_rng(0)
COLOURS = RNG.integers(0, 255, (16, 24, 3), dtype=np.uint8)


def one(data: bytes) -> Scan:
    (scan,) = load(data, name="picture")
    return scan


def told(scan: Scan, words: str) -> bool:
    return any(words in w for w in scan.source.warnings)


def saved(array: NDArray[Any] | Image.Image, form: str = "PNG", **words: Any) -> bytes:
    stream = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    image.save(stream, form, **words)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed_png(data: NDArray[np.uint8], bits: int, *more: bytes) -> bytes:
    """A grey PNG of 1, 2 or 4 bits, made by hand (PNG, 7.2)."""
    lines = np.packbits((data[..., None] >> np.arange(bits)[::-1]) & 1).reshape(len(data), -1)
    body = zlib.compress(b"".join(b"\0" + bytes(line) for line in lines))
    head = struct.pack(">IIBBBBB", data.shape[1], data.shape[0], bits, 0, 0, 0, 0)
    return MAGIC + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_keep_their_numbers(bits: int) -> None:
    data = RNG.integers(0, 2**bits, (6, 16), dtype=np.uint8)
    np.testing.assert_array_equal(one(packed_png(data, bits)).data, data)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, and the steps of each pass (PNG, 8.2)."""


@pytest.mark.parametrize(("bands", "colour"), [(1, 0), (2, 4), (3, 2), (4, 6)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_seven_passes(bands: int, colour: int, dtype: type) -> None:
    data = RNG.integers(0, np.iinfo(dtype).max, (11, 13, bands), dtype=dtype)
    passes = (data[y::down, x::right] for x, y, right, down in ADAM7)
    big = np.dtype(dtype).newbyteorder(">")
    body = b"".join(b"\0" + line.astype(big).tobytes() for part in passes for line in part)
    head = struct.pack(">IIBBBBB", 13, 11, 8 * big.itemsize, colour, 0, 0, 1)
    scan = one(MAGIC + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b""))
    expected = data[..., 0] if bands < 3 else np.moveaxis(data[..., :3], -1, 0)
    assert scan.data.dtype == dtype
    np.testing.assert_array_equal(scan.data, expected)


def test_only_the_first_picture_of_an_animation_is_read() -> None:
    frames = [Image.fromarray(COLOURS), Image.fromarray(COLOURS[::-1].copy())]
    scan = one(saved(frames[0], save_all=True, append_images=frames[1:]))
    np.testing.assert_array_equal(scan.data, np.moveaxis(COLOURS, -1, 0))
    assert told(scan, "holds 2 pictures")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_dots_per_inch_are_no_voxel_size(form: str) -> None:
    scan = one(saved(COLOURS, form, dpi=(72, 72)))
    assert not scan.spacing_known
    assert told(scan, "72 dots per inch")


def test_jpeg_carries_the_fact_of_its_loss() -> None:
    assert one(saved(COLOURS, "JPEG")).source.facts["lossy"] == "01"
    assert "lossy" not in one(saved(COLOURS)).source.facts


def test_the_turn_of_a_camera_is_told_and_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    scan = one(saved(COLOURS, "JPEG", exif=exif))
    assert scan.data.shape == (3, 16, 24)
    assert told(scan, "EXIF orientation 6 was not applied")


def test_palette_and_transparency_are_conversions() -> None:
    image = Image.fromarray(COLOURS).quantize(8)
    scan = one(saved(image, transparency=0))
    np.testing.assert_array_equal(scan.data, np.moveaxis(np.array(image.convert("RGB")), -1, 0))
    palette, alpha = scan.source.converted
    assert ("palette" in palette, "alpha" in alpha, told(scan, "alpha")) == (True, True, True)


def test_inks_are_refused() -> None:
    with pytest.raises(ReadError, match="colour mode CMYK; convert it to grey or RGB"):
        one(saved(Image.fromarray(COLOURS).convert("CMYK"), "JPEG"))


def test_no_text_of_a_picture_is_kept() -> None:
    text = chunk(b"tEXt", b"Patient\0PHICANARY")
    assert "PHICANARY" not in repr(one(packed_png(np.zeros((2, 8), np.uint8), 1, text)).source)


@pytest.mark.parametrize("bits", [1, 8])
def test_bmp_of_few_bits(bits: int) -> None:
    data = RNG.integers(0, 2, (6, 16), dtype=np.uint8)
    image = Image.fromarray(data * 255).convert("1") if bits == 1 else Image.fromarray(data)
    expected = data * 255 if bits == 1 else data
    np.testing.assert_array_equal(one(saved(image, "BMP")).data, expected)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP"])
def test_a_huge_picture_is_refused_before_it_is_decoded(form: str) -> None:
    with pytest.raises(ReadError, match=r"limit voxels = 100; .*Limits\(voxels="):
        load(saved(COLOURS, form), limits=Limits(voxels=100))


def test_a_text_that_unpacks_to_megabytes_is_refused() -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(2**22)))
    with pytest.raises(ReadError, match="text or profile chunk"):
        one(packed_png(np.zeros((2, 8), np.uint8), 1, text))


def test_a_wrong_checksum_is_refused() -> None:
    raw = bytearray(saved(COLOURS))
    raw[raw.index(b"IDAT") + 20] ^= 1
    with pytest.raises(ReadError, match="picture cannot be decoded"):
        one(bytes(raw))
