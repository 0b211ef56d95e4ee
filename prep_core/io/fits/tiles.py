"""Tile-compressed images (FITS 4.0, chapter 10): what their table claims is checked, then astropy decodes them."""

import io
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError
from prep_core.io.fits import library
from prep_core.io.fits.blocks import Hdu, card, cards, integer

KNOWN = ("RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS")
GZIPPED = ("GZIP_1", "GZIP_2")
MOST_TILES = 2**18
"""As many as 2^28 voxels have in tiles of 32 x 32; each costs a call of the decoder."""

WIDEST = 8
"""Bytes that a voxel can have."""

HARMLESS = 2**16
"""A gzip stream this long gives at most 64 MiB: deflate reaches 1032 to 1."""

WIDTHS: Mapping[str, int] = {
    "L": 1, "B": 1, "A": 1, "I": 2, "J": 4, "E": 4, "K": 8, "D": 8, "C": 8, "M": 16, "P": 8, "Q": 16,
}  # fmt: skip
"""Bytes of the types of columns (FITS 4.0, table 18)."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column whose entries point into the heap."""

    name: str
    wide: bool
    at: int
    item: int


def decode(name: str, hdu: Hdu, data: bytes) -> NDArray[Any]:
    """The stored numbers of a compressed image, without BSCALE and BZERO.

    Raises
    ------
    ReadError
        For a table that points outside of its heap, tiles that unpack to more than they hold, or damaged ones.
    """
    tile = _check_tiles(name, hdu)
    with cards(name):
        columns = list(_columns(name, hdu))
    for column in columns:
        _check_column(name, hdu, data, column, math.prod(tile))
    fits = library.fits()
    primary = fits.PrimaryHDU().header.tostring().encode()
    alone = primary + data[hdu.begin : hdu.data] + data[hdu.data : hdu.end].ljust(hdu.end - hdu.data, b"\0")
    with cards(name), fits.open(io.BytesIO(alone), memmap=False, do_not_scale_image_data=True) as opened:
        pixels: NDArray[Any] = np.asarray(opened[1].data)
    if pixels.shape != hdu.shape:
        raise ReadError(f"{name} is corrupt: HDU {hdu.number} does not unpack to its declared size; get a fresh copy")
    return pixels


def _check_tiles(name: str, hdu: Hdu) -> tuple[int, ...]:
    """The shape of a tile; complain unless there is a row of the table for each."""
    if card(hdu.header, "ZCMPTYPE") not in KNOWN:
        raise ReadError(
            f"{name} has an image compressed in a way that is not read (ZCMPTYPE is none of {', '.join(KNOWN)}); "
            "unpack it with funpack"
        )
    sizes = hdu.shape[::-1]
    tile = [integer(name, hdu.header, f"ZTILE{i + 1}", n if i == 0 else 1) for i, n in enumerate(sizes)]
    if min(tile) < 1:
        raise ReadError(f"{name} has a ZTILEn below 1 in a FITS header; repair it")
    count, rows = math.prod(-(-n // t) for n, t in zip(sizes, tile, strict=True)), integer(name, hdu.header, "NAXIS2")
    if count != rows:
        raise ReadError(
            f"{name} is corrupt: HDU {hdu.number} needs {count} tiles, and its table has {rows}; get a fresh copy"
        )
    if count > MOST_TILES:
        raise ReadError(f"{name} has {count} compressed tiles, more than {MOST_TILES}; unpack it with funpack")
    return tuple(min(n, t) for n, t in zip(sizes, tile, strict=True))


def _columns(name: str, hdu: Hdu) -> Iterator[_Column]:
    at = 0
    for i in range(1, integer(name, hdu.header, "TFIELDS") + 1):
        found = re.match(r"(\d*)([LBAIJEKDCMPQ])([BIJEDK]?)", str(hdu.header[f"TFORM{i}"]))
        if found is None:
            raise ReadError(f"{name} has an unreadable TFORM{i} in a FITS header; repair it")
        count = int(found[1] or 1)
        if found[2] in "PQ" and count:
            yield _Column(str(hdu.header[f"TTYPE{i}"]).strip(), found[2] == "Q", at, WIDTHS.get(found[3], 1))
        at += count * WIDTHS[found[2]]


def _check_column(name: str, hdu: Hdu, data: bytes, column: _Column, voxels: int) -> None:
    """Each entry of a column must lie in the heap, and must not unpack to more than `voxels`."""
    width, rows = integer(name, hdu.header, "NAXIS1"), integer(name, hdu.header, "NAXIS2")
    heap = integer(name, hdu.header, "THEAP", width * rows)
    kind, size = (">i8", 16) if column.wide else (">i4", 8)
    if column.at + size > width or not width * rows <= heap <= hdu.size:
        raise ReadError(f"{name} is corrupt: the table of HDU {hdu.number} contradicts its header; get a fresh copy")
    table = np.frombuffer(data, np.uint8, width * rows, hdu.data).reshape(rows, width)
    entries = np.ascontiguousarray(table[:, column.at : column.at + size]).view(kind).tolist()
    gzipped = column.name.startswith("GZIP") or card(hdu.header, "ZCMPTYPE") in GZIPPED
    for count, start in entries:
        length = count * column.item
        if count and (count < 0 or start < 0 or heap + start + length > hdu.size):
            raise ReadError(f"{name} is corrupt: a tile of HDU {hdu.number} lies outside of its heap; get a fresh copy")
        if gzipped and length > HARMLESS:
            at = hdu.data + heap + start
            _check_unpacked(name, hdu.number, data[at : at + length], voxels * WIDEST)


def _check_unpacked(name: str, number: int, packed: bytes, most: int) -> None:
    try:
        out = zlib.decompressobj(31).decompress(packed, most + 1)
    except zlib.error as fault:
        raise ReadError(f"{name} is corrupt: a tile of HDU {number} is damaged; get a fresh copy") from fault
    if len(out) > most:
        raise ReadError(f"{name} is corrupt: a tile of HDU {number} unpacks to more than it may hold; get a fresh copy")
