"""Tar archives, also compressed: walked once without keeping a byte, then unpacked in memory.

POSIX.1-2008 pax interchange format (ustar with extended headers), and GNU's long names.  The headers are walked
here, as a library that reads extended headers of any size can be made to fill the memory.
"""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase, BytesIO
from typing import BinaryIO

from prep_core.io import gzip_bytes
from prep_core.io.errors import ReadError
from prep_core.io.files import File, is_hidden, of_bytes
from prep_core.io.limits import Limits
from prep_core.io.names import shown

BLOCK, PIECE = 512, 1 << 16
MARK, MARK_AT = b"ustar", 257
BZIP2, XZ = b"1AY&SY", b"\xfd7zXZ\0"
EXTENSION = 1 << 16
"""Bytes of an extended header: enough for the longest path that a system allows, many times over."""

LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE)
FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
PAX = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)
LONG: Mapping[bytes, str] = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
FAULTS = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, tarfile.HeaderError)


def is_tar(head: bytes) -> bool:
    """Whether a file that starts so is a tar archive: of gzip only where it holds one, of bzip2 and xz always."""
    inside = gzip_bytes.head(head, BLOCK) if head.startswith(gzip_bytes.MAGIC) else head
    return inside[MARK_AT:].startswith(MARK) or _is_bzip2(head) or head.startswith(XZ)


def files(name: str, data: bytes, limits: Limits) -> list[File]:
    """The members that are neither folders nor hidden, by their names in the archive, with slashes.

    Raises
    ------
    ReadError
        For an archive that is damaged or too large, or has members that are links, devices or sparse.
    """
    with _unpacking(name):
        members = list(_members(_stream(name, data, limits)))
        if _opener(data) is None:
            return [File(m.name, m.size, _slice(data, m)) for m in members]
        stream = _stream(name, data, limits)
        return [of_bytes(m.name, stream.at(m.start, m.size)) for m in members]


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    start: int
    size: int


@dataclass(slots=True)
class _Stream:
    """Unpacked bytes in their order, counted against the limits as they come."""

    name: str
    source: BufferedIOBase
    packed: int
    limits: Limits
    place: int = 0

    def read(self, count: int) -> bytes:
        found = self.source.read(count)
        self.place += len(found)
        self.limits.check(self.name, "archive_bytes", self.place, "its unpacked size")
        self.limits.check_ratio(self.name, self.packed, self.place)
        return found

    def exactly(self, count: int) -> bytes:
        found = self.read(count)
        if len(found) < count:
            raise EOFError
        return found

    def skip(self, count: int) -> None:
        self.limits.check(self.name, "archive_bytes", self.place + count, "its unpacked size")
        for start in range(0, count, PIECE):
            self.exactly(min(PIECE, count - start))

    def at(self, start: int, count: int) -> bytes:
        self.skip(start - self.place)
        return self.exactly(count)


def _stream(name: str, data: bytes, limits: Limits) -> _Stream:
    return _Stream(name, (_opener(data) or BytesIO)(data), len(data), limits)


def _opener(data: bytes) -> Callable[[bytes], BufferedIOBase] | None:
    """What unpacks `data`, or None where it is not compressed."""
    if data.startswith(gzip_bytes.MAGIC):
        return lambda packed: gzip.GzipFile(fileobj=BytesIO(packed))
    if _is_bzip2(data):
        return lambda packed: bz2.BZ2File(BytesIO(packed))
    return (lambda packed: lzma.LZMAFile(BytesIO(packed))) if data.startswith(XZ) else None


def _is_bzip2(head: bytes) -> bool:
    return head.startswith(b"BZh") and head[4:].startswith(BZIP2)


def _members(stream: _Stream) -> Iterator[_Member]:
    """Every visible file, after its header was checked; at the end the stream is read out, which checks its sums."""
    words: dict[str, str] = {}
    count = 0
    while (info := _header(stream)) is not None:
        if info.type in PAX or info.type in LONG:
            words |= _extension(stream, info)
            continue
        count += 1
        stream.limits.check(stream.name, "members", count, "its number of members")
        member = _Member((words.get("path") or info.name).replace("\\", "/"), stream.place, _size(info, words))
        if not info.isdir() and not is_hidden(member.name):
            _check_kind(stream.name, member.name, info.type, words)
            yield member
        if info.type in FILES:
            stream.skip(-(-member.size // BLOCK) * BLOCK)
        words = {}
    _check_end(stream)


def _header(stream: _Stream) -> tarfile.TarInfo | None:
    """The next header, whose sum is checked, or None at the end mark."""
    first = stream.place == 0
    block = stream.read(BLOCK)
    if first and not block[MARK_AT:].startswith(MARK):
        raise ReadError(f"{stream.name} is compressed, but no tar archive is in it; unpack it first")
    if len(block) < BLOCK:
        raise EOFError
    return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape") if block.strip(b"\0") else None


def _check_end(stream: _Stream) -> None:
    while rest := stream.read(PIECE):
        if rest.strip(b"\0"):
            raise ReadError(f"{stream.name} goes on behind its end, as if two archives were joined; pack it again")


def _size(info: tarfile.TarInfo, words: Mapping[str, str]) -> int:
    size = int(words.get("size", info.size))
    if size < 0:
        raise ValueError("negative size")
    return size


def _extension(stream: _Stream, info: tarfile.TarInfo) -> dict[str, str]:
    """What an extended header says of the member behind it."""
    if not 0 <= info.size <= EXTENSION:
        raise ReadError(f"{stream.name} has a header of {info.size:,} bytes, above {EXTENSION:,}; pack it again")
    body = stream.exactly(-(-info.size // BLOCK) * BLOCK)[: info.size]
    if info.type == tarfile.XGLTYPE:
        return {}
    if info.type in LONG:
        return {LONG[info.type]: body.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    return dict(_records(body))


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    """Records "LENGTH KEY=VALUE\\n", whose length counts all of them."""
    while body:
        length = int(body[: body.index(b" ")])
        key, _, value = body[body.index(b" ") + 1 : length - 1].decode("utf-8", "surrogateescape").partition("=")
        if length < 1 or body[length - 1 : length] != b"\n":
            raise ValueError("record")
        yield key, value
        body = body[length:]


def _check_kind(archive: str, name: str, kind: bytes, words: Mapping[str, str]) -> None:
    at = f"{archive} holds {shown(name)}"
    if kind in LINKS:
        what = "symbolic" if kind == tarfile.SYMTYPE else "hard"
        raise ReadError(f"{at}, which is a {what} link; pack the file that it points to")
    if kind == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse") for key in words):
        raise ReadError(f"{at}, which is a sparse file; pack it again without --sparse")
    if kind not in FILES:
        raise ReadError(f"{at}, which is a device or another thing that is no file; pack it again without")


def _slice(data: bytes, member: _Member) -> Callable[[], BinaryIO]:
    return lambda: BytesIO(data[member.start : member.start + member.size])


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Turn what a damaged archive makes of the walk into a sentence."""
    try:
        yield
    except ReadError:
        raise
    except EOFError as fault:
        raise ReadError(f"{name} is truncated: it ends before the end of its archive; copy it again") from fault
    except FAULTS as fault:
        raise ReadError(f"{name} is a corrupt tar archive; pack or send it again") from fault
