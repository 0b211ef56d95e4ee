"""Zip archives: looked at before anything is unpacked, unpacked in memory only."""

import stat
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from prep_core.io.errors import ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import natural, scan_name, shown

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
NESTED = (".zip", ".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz")
LOCAL_HEADER = 30


def is_archive(head: bytes) -> bool:
    """Whether a file that starts so is a zip archive."""
    return head.startswith(MAGIC)


def members(name: str, data: bytes, limits: Limits) -> list[File]:
    """The files in a zip archive, in natural order; folders, hidden files and their like are left out.

    Raises
    ------
    ReadError
        For an archive that is damaged, encrypted, too large, or has members that are links, archives,
        copies of a name, or lie outside of it.
    """
    infos = [i for i in _directory(name, data) if not i.is_dir()]
    limits.check(name, "members", len(infos), "its number of members")
    limits.check(name, "archive_bytes", sum(i.file_size for i in infos), "its unpacked size")
    limits.check_ratio(name, len(data), sum(i.file_size for i in infos))
    _check_overlap(name, infos)
    visible = [i for i in infos if not _is_hidden(i.filename)]
    for info in visible:
        _check_member(name, info)
    _check_names(name, visible)
    label = scan_name(name)
    files = [_member(label, data, info) for info in visible]
    return sorted(files, key=lambda f: natural(f.name))


def _directory(name: str, data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise ReadError(f"{name} is a truncated or corrupt zip archive; pack or send it again") from fault


def _check_member(archive: str, info: zipfile.ZipInfo) -> None:
    """A member that must not be followed makes the whole archive suspect."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    at = f"{archive} holds {shown(info.filename)}"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise ReadError(f"{at} with an unsafe path outside of the archive; pack it again with relative names")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReadError(f"{at}, which is a symbolic link; pack the file that it points to")
    if info.flag_bits & 1:
        raise ReadError(f"{at}, which is encrypted with a password; pack it again without one")
    if path.suffix.lower() in NESTED:
        raise ReadError(f"{at}, a nested archive; unpack it first")


def _check_overlap(name: str, infos: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes are how a small archive unpacks to a large one without a high ratio."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise ReadError(f"{name} is corrupt: its members overlap; pack it again")
        end = info.header_offset + LOCAL_HEADER + info.compress_size


def _check_names(name: str, infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        if info.filename in seen:
            raise ReadError(
                f"{name} holds two members with the same name {shown(info.filename)}; pack it again without duplicates"
            )
        seen.add(info.filename)


def _member(label: str, data: bytes, info: zipfile.ZipInfo) -> File:
    name = info.filename.replace("\\", "/")
    return File(f"{label}/{name}", info.file_size, lambda: _open(name, data, info))


def _open(name: str, data: bytes, info: zipfile.ZipInfo) -> BinaryIO:
    """The unpacked member.  Read by its declared size, zipfile unpacks no more, and checks the CRC there."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(info) as member:
            unpacked = member.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as fault:
        raise ReadError(f"{shown(name)} is corrupt in its archive (CRC or size wrong); pack it again") from fault
    return BytesIO(unpacked)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts if part != "..")
