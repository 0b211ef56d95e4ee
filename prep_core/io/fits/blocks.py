"""The structure of a FITS file: its headers, and where their data lie, followed before anything is decoded."""

import gzip
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from prep_core.io.errors import ReadError, decoding
from prep_core.io.fits import library
from prep_core.io.limits import Limits

BLOCK, CARD = 2880, 80
MOST_HEADERS = 2**24
"""Bytes of all headers together; the fullest real ones have a hundredth of that."""

BITPIX = (8, 16, 32, 64, -32, -64)
CHUNK = 2**22

Kind = Literal["image", "compressed", "table", "group", "other"]


@dataclass(frozen=True, slots=True)
class Hdu:
    """One header with its data.

    Attributes
    ----------
    number : int
        0 for the primary one.
    shape : tuple of int
        Of its image, the slowest axis first; empty where it holds none.
    begin, data, size : int
        Where the header begins, where its data begin, and how many bytes these are without fill.
    """

    number: int
    kind: Kind
    header: Any
    shape: tuple[int, ...]
    begin: int
    data: int
    size: int

    @property
    def is_image(self) -> bool:
        return self.kind in ("image", "compressed") and len(self.shape) >= 2 and all(self.shape)

    @property
    def end(self) -> int:
        """Where the next header begins."""
        return self.data + _filled(self.size)


def unpacked(name: str, packed: bytes, limits: Limits) -> bytes:
    """What a gzip stream holds, unpacked no further than `limits` allow; its CRC is checked."""
    out = bytearray()
    with decoding(name, "gzip"), gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
        while piece := stream.read(CHUNK):
            out += piece
            limits.check(name, "decoded_bytes", len(out), "its unpacked size in bytes")
            limits.check_ratio(name, len(packed), len(out))
    return bytes(out)


def walk(name: str, data: bytes, limits: Limits) -> tuple[list[Hdu], list[str]]:
    """Every HDU of a file, and warnings about how the file ends.

    Raises
    ------
    ReadError
        For a header that is damaged or above the limits, and for data that are cut short.
    """
    hdus: list[Hdu] = []
    at = room = 0
    while at < len(data) and (not hdus or data[at : at + 8] == b"XTENSION"):
        limits.check(name, "members", len(hdus) + 1, "its number of HDUs")
        start = _after_header(name, data, at, MOST_HEADERS - room)
        room += start - at
        hdu = _hdu(name, data, len(hdus), at, start, limits)
        if start + hdu.size > len(data):
            raise ReadError(
                f"{name} is truncated: HDU {hdu.number} needs {hdu.size} bytes of data, "
                f"and only {len(data) - start} are there; get a fresh copy"
            )
        hdus.append(hdu)
        at = hdu.end
    return hdus, _end(len(data) - at)


def card(header: Any, key: str) -> Any:
    """The value of a keyword; None where it is absent or cannot be read."""
    unreadable: tuple[type[Exception], ...] = (*library.faults(), ValueError)
    try:
        return header.get(key)
    except unreadable:
        return None


def integer(name: str, header: Any, key: str, default: int | None = None) -> int:
    """The whole number that the standard wants in a keyword."""
    value = card(header, key) if key in header else default
    if isinstance(value, bool) or not isinstance(value, int):
        raise ReadError(f"{name} has no whole number in the keyword {key} of a FITS header; repair it")
    return value


def number(name: str, header: Any, key: str, default: float) -> float:
    """The finite number in a keyword, or `default` where it is absent."""
    value = card(header, key) if key in header else default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ReadError(f"{name} has no finite number in the keyword {key} of a FITS header; repair it")
    return value


def follows_its_sum(hdu: Hdu, data: bytes) -> bool:
    """Whether the data have the DATASUM of their header (FITS 4.0, appendix J); True where it names none."""
    told = card(hdu.header, "DATASUM")
    if not isinstance(told, str) or not told.strip().isdecimal():
        return True
    words = np.frombuffer(data, ">u4", min(hdu.end, len(data)) // 4 - hdu.data // 4, hdu.data)
    total = int(words.sum(dtype=np.uint64))
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total == int(told)


@contextmanager
def cards(name: str) -> Iterator[None]:
    """`decoding` for astropy."""
    with decoding(name, "FITS"):
        try:
            yield
        except library.faults() as fault:
            raise ValueError("astropy cannot decode it") from fault


def _after_header(name: str, data: bytes, begin: int, room: int) -> int:
    """Where the header that starts at `begin` ends: behind the block with the END card."""
    for at in range(begin, min(len(data), begin + room), BLOCK):
        block = data[at : at + BLOCK]
        if any(block[i : i + CARD].rstrip() == b"END" for i in range(0, len(block), CARD)):
            return at + BLOCK
    if begin + room < len(data):
        raise ReadError(f"{name} has FITS headers of more than {MOST_HEADERS} bytes; save a part of it")
    raise ReadError(f"{name} is truncated or corrupt: a FITS header has no END card; get a fresh copy")


def _hdu(name: str, data: bytes, count: int, begin: int, start: int, limits: Limits) -> Hdu:
    with cards(name):
        header = library.fits().Header.fromstring(data[begin:start])
    if count == 0 and card(header, "SIMPLE") is not True:
        raise ReadError(f"{name} says that it does not follow the FITS standard (SIMPLE is not T); convert it")
    kind, sizes = _kind(header, count), _sizes(name, header, "NAXIS")
    per_value = _bytes_per_value(name, header, "BITPIX")
    groups, more = integer(name, header, "GCOUNT", 1), integer(name, header, "PCOUNT", 0)
    if groups < 0 or more < 0:
        raise ReadError(f"{name} has a negative PCOUNT or GCOUNT in a FITS header; repair it")
    values = math.prod(sizes[1:] if kind == "group" else sizes) if sizes else 0
    size = per_value * groups * (more + values)
    shape = tuple(_sizes(name, header, "ZNAXIS") if kind == "compressed" else sizes)[::-1]
    if kind == "compressed":
        per_value = _bytes_per_value(name, header, "ZBITPIX")
    hdu = Hdu(count, kind, header, shape if kind in ("image", "compressed") else (), begin, start, size)
    if hdu.is_image:
        limits.check_array(name, shape, per_value, size if kind == "compressed" else None)
    return hdu


def _kind(header: Any, count: int) -> Kind:
    extension = str(card(header, "XTENSION") or "").strip()
    if count == 0:
        return "group" if card(header, "GROUPS") is True and card(header, "NAXIS1") == 0 else "image"
    if extension == "BINTABLE" and card(header, "ZIMAGE") is True:
        return "compressed"
    if extension in ("TABLE", "BINTABLE", "A3DTABLE"):
        return "table"
    return "image" if extension in ("IMAGE", "IUEIMAGE") else "other"


def _sizes(name: str, header: Any, key: str) -> list[int]:
    """The lengths of all axes, the fastest first."""
    count = integer(name, header, key)
    if not 0 <= count <= 999:
        raise ReadError(f"{name} declares {count} axes ({key}) in a FITS header, and 0 to 999 are allowed; repair it")
    sizes = [integer(name, header, f"{key}{i}") for i in range(1, count + 1)]
    if any(n < 0 for n in sizes):
        raise ReadError(f"{name} has a negative length of an axis ({key}n) in a FITS header; repair it")
    return sizes


def _bytes_per_value(name: str, header: Any, key: str) -> int:
    bits = integer(name, header, key)
    if bits not in BITPIX:
        raise ReadError(f"{name} has {key} {bits} in a FITS header; it must be one of {BITPIX}: repair it")
    return abs(bits) // 8


def _filled(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _end(left: int) -> list[str]:
    if left > 0:
        return [f"{left} bytes behind the last HDU belong to none and were left out"]
    return [f"the last {-left} bytes of fill are missing at its end; the data are whole"] if left < 0 else []
