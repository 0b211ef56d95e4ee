"""Compressed bytes in and out: never more out than announced, and the same bytes every time."""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator

from prep_core.io.errors import ReadError, decoding

MAGIC = b"\x1f\x8b"


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
    with decoding(name, "gzip"), gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        out = stream.read(want + 1)
    return exactly(name, out, want)


def inflate(name: str, data: bytes, want: int) -> bytes:
    """The same for a zlib stream."""
    with decoding(name, "zlib"):
        stream = zlib.decompressobj()
        out = stream.decompress(data, want + 1)
        if len(out) == want and not stream.eof:
            out += stream.flush()
            if not stream.eof:
                raise ReadError(f"{name} is truncated: its zlib checksum is missing; copy it again")
    return exactly(name, out, want)


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


def exactly(name: str, out: bytes, want: int) -> bytes:
    """`out`, which must be `want` bytes."""
    if len(out) == want:
        return out
    wrong = "truncated" if len(out) < want else "corrupt"
    found = str(len(out)) if len(out) < want else "more"
    raise ReadError(f"{name} is {wrong}: expected {want} unpacked bytes, found {found}; get a fresh copy")
