"""The chain of directories in a TIFF, followed before a decoder does: it must end, and soon enough."""

from typing import Literal

from prep_core.io.errors import ReadError

MOST_PAGES = 10_000


def check_directories(name: str, data: bytes) -> None:
    """Complain about pages that form a loop, lie outside of the file, or are too many.

    Raises
    ------
    ReadError
    """
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    # TIFF 6.0, section 2, and its 64-bit extension: first offset, width of an offset, of a count, of an entry.
    first, width, counted, entry = (8, 8, 8, 20) if b"+" in data[2:4] else (4, 4, 2, 12)
    seen: set[int] = set()
    at = int.from_bytes(data[first : first + width], order)
    while at:
        if at in seen:
            raise ReadError(f"{name} is corrupt: its directories (IFD) form a loop; get a fresh copy")
        if at + counted > len(data):
            raise ReadError(f"{name} is truncated: a directory (IFD) lies behind its end; get a fresh copy")
        if len(seen) == MOST_PAGES:
            raise ReadError(f"{name} has more than {MOST_PAGES} pages, which is above the limit; save a part of it")
        seen.add(at)
        following = at + counted + entry * int.from_bytes(data[at : at + counted], order)
        at = int.from_bytes(data[following : following + width], order)
