"""FITS files that are cut, damaged, forged or odd."""

import gzip
import io
import struct
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from prep_core.io import Limits, ReadError, load
from tests.io.fits.files import BLOCK, by_hand, filled, written

PLAIN = by_hand((30, 40), 16, np.arange(1200, dtype=">i2").tobytes())
TILES = written(fits.CompImageHDU(np.arange(4096, dtype="i2").reshape(64, 64), compression_type="GZIP_1"))


@pytest.mark.parametrize("keep", [100, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 2399])
def test_a_cut_file_is_refused(keep: int) -> None:
    with pytest.raises(ReadError, match=r"cut\.fits is truncated"):
        load(PLAIN[:keep], name="cut.fits")


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.99])
def test_cut_tiles_are_refused(keep: float) -> None:
    with pytest.raises(ReadError, match="truncated"):
        load(TILES.rstrip(b"\0")[: int(keep * len(TILES.rstrip(b"\0")))], name="cut.fits")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PLAIN[: BLOCK + 2400], "480 bytes of fill are missing"),
        (PLAIN + b"junk", "4 bytes behind the last HDU belong to none"),
        (PLAIN + bytes(BLOCK), "2880 bytes behind the last HDU"),
    ],
)
def test_an_odd_end_is_told(data: bytes, words: str) -> None:
    (scan,) = load(data)
    assert scan.data.ravel().tolist() == list(range(1200))
    assert any(words in w for w in scan.source.warnings)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("NAXIS1  =                   40", "NAXIS1  =             40000000", "limit voxels"),
        ("NAXIS1  =                   40", "NAXIS1  =                  400", "truncated: HDU 0 needs 24000 bytes"),
        ("NAXIS1  =                   40", "NAXIS1  =                  -40", "negative length"),
        ("NAXIS1  =                   40", "NAXIS1  =                 4'x0", "no whole number in the keyword NAXIS1"),
        ("NAXIS1  =                   40", "NAXIS1  =                 40.0", "no whole number in the keyword NAXIS1"),
        ("NAXIS1  =                   40", "NAXIS1  =                    T", "no whole number in the keyword NAXIS1"),
        ("NAXIS1  =                   40", "NAXIX1  =                   40", "no whole number in the keyword NAXIS1"),
        ("NAXIS   =                    2", "NAXIS   =               100000", "0 to 999 are allowed"),
        ("NAXIS   =                    2", "NAXIS   =                    1", "no image of 2 or more axes"),
        ("NAXIS   =                    2", "NAXIS   =                    0", "no image of 2 or more axes"),
        ("BITPIX  =                   16", "BITPIX  =                   12", "BITPIX 12"),
        ("SIMPLE  =                    T", "SIMPLE  =                    F", "does not follow the FITS standard"),
        ("END ", "EOD ", "no END card"),
    ],
)
def test_a_forged_header_is_refused(old: str, new: str, words: str) -> None:
    assert PLAIN.count(old.encode()) == 1
    with pytest.raises(ReadError, match=words):
        load(PLAIN.replace(old.encode(), new.encode()), name="odd.fits")


@pytest.mark.parametrize("words", [{"BSCALE": 0}, {"BZERO": "x"}, {"BLANK": 1.5}, {"GCOUNT": -1}, {"PCOUNT": 10**18}])
def test_keywords_that_make_no_sense_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ReadError, match=f"{next(iter(words))}|truncated"):
        load(by_hand((2, 2), 16, bytes(8), words))


def test_a_sum_that_does_not_fit_is_told() -> None:
    good = written(fits.PrimaryHDU(np.arange(1200, dtype="i2").reshape(30, 40)), checksum=True)
    bad = bytearray(good)
    bad[BLOCK + 7] ^= 1
    told = [any("DATASUM" in w for w in load(bytes(data))[0].source.warnings) for data in (good, bad)]
    assert told == [False, True]


def test_a_bomb_in_gzip_is_stopped_early() -> None:
    bomb = gzip.compress(by_hand((3000, 10000), 8, bytes(30_000_000)), 9)
    with pytest.raises(ReadError, match="limit ratio = 200"):
        load(bomb, name="b.fits", limits=Limits(ratio_from=2**22))
    with pytest.raises(ReadError, match=r"its unpacked size in bytes .* limit decoded_bytes"):
        load(bomb, name="b.fits", limits=Limits(decoded_bytes=2**23))


def test_all_images_count_together() -> None:
    images = written(*(fits.ImageHDU(np.zeros((100, 100), "u1")) for _ in range(5)))
    with pytest.raises(ReadError, match="all its images in bytes 50,000 is above"):
        load(images, limits=Limits(decoded_bytes=40_000))
    assert len(load(images, part="3", limits=Limits(decoded_bytes=40_000))) == 1
    with pytest.raises(ReadError, match="limit members = 3"):
        load(images, limits=Limits(members=3))


def forged_table(heap: bytes, entries: list[tuple[int, int]], **words: Any) -> bytes:
    """A compressed image whose table and heap are ours, one tile for all unless `words` say otherwise."""
    with fits.open(io.BytesIO(TILES), disable_image_compression=True) as opened:
        header = opened[1].header.copy()
    header.update({"PCOUNT": len(heap), "NAXIS2": len(entries), "ZTILE1": 64, "ZTILE2": 64, **words})
    table = b"".join(struct.pack(">ii", *entry) for entry in entries)
    return TILES[:BLOCK] + header.tostring().encode() + filled(table + heap, b"\0")


RIGHT = gzip.compress(np.arange(4096, dtype=">i2").tobytes())
BOMB = gzip.compress(bytes(2**27), 9)


def test_the_table_of_the_next_test_is_right_where_nothing_is_forged() -> None:
    (scan,) = load(forged_table(RIGHT, [(len(RIGHT), 0)]))
    assert scan.data.ravel().tolist() == list(range(4096))


@pytest.mark.parametrize(
    ("heap", "entries", "keywords", "words"),
    [
        (RIGHT, [(len(RIGHT) + 1, 0)], {}, "outside of its heap"),
        (RIGHT, [(len(RIGHT), 1)], {}, "outside of its heap"),
        (RIGHT, [(len(RIGHT), -8)], {}, "outside of its heap"),
        (RIGHT, [(-5, 0)], {}, "outside of its heap"),
        (RIGHT, [(len(RIGHT), 0)] * 2, {}, "needs 1 tiles, and its table has 2"),
        (RIGHT, [(len(RIGHT), 0)], {"ZTILE2": 1}, "needs 64 tiles, and its table has 1"),
        (RIGHT, [(len(RIGHT), 0)], {"ZTILE1": 0}, "ZTILEn below 1"),
        (RIGHT, [(len(RIGHT), 0)], {"ZCMPTYPE": "MAGIC"}, "ZCMPTYPE is none of"),
        (RIGHT, [(len(RIGHT), 0)], {"TFORM1": "1PX"}, "cannot be decoded"),
        (RIGHT, [(len(RIGHT), 0)], {"TFORM1": "what"}, "unreadable TFORM1"),
        (RIGHT, [(len(RIGHT), 0)], {"THEAP": 10**6}, "contradicts its header"),
        (RIGHT, [(len(RIGHT), 0)], {"ZNAXIS1": 10**6, "ZNAXIS2": 10**6}, "limit voxels"),
        (
            RIGHT,
            [(len(RIGHT), 0)],
            {"ZNAXIS1": 2**14, "ZNAXIS2": 2**14, "ZTILE1": 2**14, "ZTILE2": 2**14},
            "limit ratio",
        ),
        (RIGHT, [(len(RIGHT), 0)], {"ZBITPIX": 7}, "ZBITPIX 7"),
        (RIGHT[:-1] + b"x", [(len(RIGHT), 0)], {}, "cannot be decoded"),
        (BOMB, [(len(BOMB), 0)], {}, "unpacks to more than it may hold"),
        (bytes(2**17), [(2**17, 0)], {}, "a tile of HDU 1 is damaged"),
    ],
)
def test_a_forged_table_of_tiles_is_refused(
    heap: bytes, entries: list[tuple[int, int]], keywords: dict[str, Any], words: str
) -> None:
    with pytest.raises(ReadError, match=words):
        load(forged_table(heap, entries, **keywords), name="tiles.fits", limits=Limits(ratio_from=2**20))


@pytest.mark.parametrize("kind", ["RICE_1", "PLIO_1", "HCOMPRESS_1", "GZIP_2"])
def test_flipped_bits_give_a_scan_or_a_reason(kind: str) -> None:
    good = written(fits.CompImageHDU(np.arange(4096, dtype="i2").reshape(64, 64), compression_type=kind))
    refused = 0
    for at in range(BLOCK, len(good), 97):
        bad = bytearray(good)
        bad[at] ^= 16
        try:
            load(bytes(bad), name="bad.fits")
        except ReadError as error:
            refused += "bad.fits" in str(error)
    assert refused > 5
