"""The chain of directories in a TIFF and the pieces of its pictures, looked at before a decoder does."""

from collections.abc import Iterable
from typing import Any, BinaryIO, Literal

from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits

LARGE_TILE = 1 << 22
"""Pixels of a tile that no writer uses for a small picture; usual tiles have 2^16 to 2^20."""

COUNTED = 1_000_000
"""Directories are counted no further than this."""


class Bytes:
    """The bytes of a file, read where they are asked for."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        self._stream.seek(start)
        return self._stream.read(max(stop - start, 0))


def check_directories(name: str, data: bytes | Bytes, limits: Limits) -> None:
    """Complain about pages that form a loop, lie outside of the file, or are too many.

    Raises
    ------
    ReadError
    """
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    # TIFF 6.0, section 2, and its 64-bit extension: first offset, width of an offset, of a count, of an entry.
    first, width, counted, entry = (8, 8, 8, 20) if b"+" in data[2:4] else (4, 4, 2, 12)
    seen: set[int] = set()
    at = int.from_bytes(data[first : first + width], order)
    while at and len(seen) < COUNTED:
        if at in seen:
            raise ReadError(f"{name} is corrupt: its directories (IFD) form a loop; get a fresh copy")
        if at + counted > len(data):
            raise ReadError(f"{name} is truncated: a directory (IFD) lies behind its end; get a fresh copy")
        seen.add(at)
        following = at + counted + entry * int.from_bytes(data[at : at + counted], order)
        at = int.from_bytes(data[following : following + width], order)
    limits.check(name, "pages", len(seen), "its number of pages")


def check_pieces(name: str, pages: Iterable[Any], size: int) -> int:
    """Complain about pages, strips and tiles that are missing; return the bytes of those that are there.

    A decoder would fill what is missing with zeros, or with whatever was in the memory before.

    Raises
    ------
    ReadError
    """
    stored = 0
    for number, page in enumerate(pages):
        if page is None:
            raise ReadError(f"{name} has no page {number} of a stack that its header promises; get the whole file")
        _check_tiles(name, page.keyframe)
        for offset, count in zip(page.dataoffsets, page.databytecounts, strict=False):
            if not count:
                raise ReadError(f"{name} has empty strips or tiles (a sparse file) on page {number}; fill them first")
            if offset + count > size:
                raise ReadError(f"{name} is truncated: page {number} ends behind the end of the file; get a fresh copy")
            stored += int(count)
    return stored


def _check_tiles(name: str, page: Any) -> None:
    """A decoder asks for the memory of a whole tile, however small the picture in it is."""
    tile, picture = page.tilelength * page.tilewidth, page.imagelength * page.imagewidth
    if page.is_tiled and tile > max(LARGE_TILE, 16 * picture):
        raise ReadError(
            f"{name} is corrupt: its tiles of {page.tilelength} x {page.tilewidth} are far larger than its picture of "
            f"{page.imagelength} x {page.imagewidth}; get a fresh copy"
        )
