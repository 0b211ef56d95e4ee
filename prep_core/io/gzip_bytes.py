"""Compressed bytes in and out: never more out than announced, and the same bytes every time."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TypeVar, cast

import numpy as np
from isal import igzip, isal_zlib
from isal.igzip_lib import IsalError

from prep_core.io.errors import ReadError, decoding

MAGIC = b"\x1f\x8b"
PIECE = 1 << 18

# The stubs of isal take the class for an exception itself.
DAMAGED: type[Exception] = cast(Any, IsalError)
"""What ISA-L raises for a stream that is none."""

Unpacked = TypeVar("Unpacked", bytes, memoryview)


def head(data: bytes, count: int) -> bytes:
    """The first `count` bytes that `data` unpacks to, fewer where it is cut short."""
    try:
        return zlib.decompressobj(31).decompress(data, count)
    except zlib.error:
        return b""


def unpack(name: str, data: bytes, want: int) -> bytes:
    """All that the gzip stream `data` holds, which must be `want` bytes; the CRC is checked.

    Raises
    ------
    ReadError
        When it is damaged, shorter, or longer.
    """
    return bytes(unpacked(name, lambda: io.BytesIO(data), want))


def unpacked(name: str, opened: Callable[[], BinaryIO], want: int) -> memoryview:
    """The same of a stream, which may be opened twice, piece by piece into memory of its own.

    ISA-L unpacks about three times as fast as zlib; of what it refuses, the standard library says what is wrong.
    """
    out = np.empty(want + 1, np.uint8).data
    with opened() as packed:
        found = _by_isal(packed, out)
    if found is None:
        with decoding(name, "gzip"), opened() as packed, gzip.GzipFile(fileobj=packed) as stream:
            found = _filled(stream.readinto, out)
    return exactly(name, out[:found].toreadonly(), want)


def _by_isal(packed: BinaryIO, out: memoryview) -> int | None:
    """How many bytes of `out` were filled, or None where the stream is damaged."""
    try:
        with igzip.IGzipFile(fileobj=packed) as stream:
            return _filled(stream.readinto, out)
    except (EOFError, OSError, DAMAGED):
        return None


def _filled(read: Callable[[Any], int], out: memoryview) -> int:
    """How many bytes of `out` can be filled by `read`, in pieces that fit into a cache."""
    at = 0
    while at < len(out) and (found := read(out[at : at + PIECE])):
        at += found
    return at


def inflate(name: str, data: bytes | memoryview, want: int) -> bytes:
    """The same for a zlib stream in memory."""
    fast = _inflated_by_isal(data, want)
    if fast is not None:
        return fast
    with decoding(name, "zlib"):
        stream = zlib.decompressobj()
        out = stream.decompress(data, want + 1)
        if len(out) == want and not stream.eof:
            out += stream.flush()
            if not stream.eof:
                raise ReadError(f"{name} is truncated: its zlib checksum is missing; copy it again")
    return exactly(name, out, want)


def _inflated_by_isal(data: bytes | memoryview, want: int) -> bytes | None:
    """The `want` bytes, or None where the stream is damaged or has another length."""
    stream = isal_zlib.decompressobj()
    try:
        out: bytes = stream.decompress(data, want + 1)
    except DAMAGED:
        return None
    return out if stream.eof and len(out) == want else None


def pack(data: bytes, level: int = 6) -> bytes:
    """A gzip stream without name and time, so that equal data give equal bytes."""
    return b"".join(packed([data], level))


def packed(parts: Iterable[bytes], level: int = 6) -> Iterator[bytes]:
    """The stream that `pack` makes of all `parts` together, piece by piece; how they are divided does not matter."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    check, size = 0, 0
    yield MAGIC + b"\x08\x00\x00\x00\x00\x00\x00\xff"
    for part in parts:
        check, size = zlib.crc32(part, check), size + len(part)
        yield deflate.compress(part)
    yield deflate.flush() + check.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")


def exactly(name: str, out: Unpacked, want: int) -> Unpacked:
    """`out`, which must be `want` bytes."""
    if len(out) == want:
        return out
    wrong = "truncated" if len(out) < want else "corrupt"
    found = str(len(out)) if len(out) < want else "more"
    raise ReadError(f"{name} is {wrong}: expected {want} unpacked bytes, found {found}; get a fresh copy")
