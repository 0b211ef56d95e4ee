"""Zip archives: their directory is checked before a member is unpacked, and a member gives no more than it declares.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import lzma
import stat
import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

from prep_core.io.errors import ReadError
from prep_core.io.files import File, is_hidden
from prep_core.io.limits import Limits
from prep_core.io.names import shown

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
LOCAL_HEADER = 30
PLAIN_KINDS = (0, stat.S_IFREG)
FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, ValueError)


def is_zip(head: bytes) -> bool:
    """Whether a file that starts so is a zip archive."""
    return head.startswith(MAGIC)


def files(name: str, data: bytes, limits: Limits) -> list[File]:
    """The members that are neither folders nor hidden, by their names in the archive, with slashes.

    Raises
    ------
    ReadError
        For an archive that is damaged, encrypted or too large, or has members that are links or devices.
    """
    archive = _opened(name, data)
    infos = [i for i in archive.infolist() if not _inside(i).endswith("/")]
    limits.check(name, "members", len(infos), "its number of members")
    limits.check(name, "archive_bytes", sum(i.file_size for i in infos), "its unpacked size")
    limits.check_ratio(name, len(data), sum(i.file_size for i in infos))
    _check_overlap(name, infos)
    visible = [i for i in infos if not is_hidden(i.filename)]
    for info in visible:
        _check_kind(name, info)
    return [_file(archive, info) for info in visible]


def _opened(name: str, data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(data))
    except FAULTS as fault:
        raise ReadError(f"{name} is a truncated or corrupt zip archive; pack or send it again") from fault


def _inside(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/")


def _check_kind(archive: str, info: zipfile.ZipInfo) -> None:
    at = f"{archive} holds {shown(info.filename)}"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise ReadError(f"{at}, which is a symbolic link; pack the file that it points to")
    if kind not in PLAIN_KINDS:
        raise ReadError(f"{at}, which is a device or another thing that is no file; pack it again without")
    if info.flag_bits & 1:
        raise ReadError(f"{at}, which is encrypted with a password; pack it again without one")


def _check_overlap(name: str, infos: list[zipfile.ZipInfo]) -> None:
    """Members that share bytes are how a small archive unpacks to a large one without a high ratio."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise ReadError(f"{name} is corrupt: its members overlap; pack it again")
        end = info.header_offset + LOCAL_HEADER + info.compress_size


def _file(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> File:
    return File(_inside(info), info.file_size, lambda: _open(archive, info), is_packed=True)


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """The unpacked member.  Read by its declared size, zipfile unpacks no more, and checks the CRC there."""
    try:
        with archive.open(info) as member:
            unpacked = member.read(info.file_size)
    except FAULTS as fault:
        raise ReadError(
            f"{shown(info.filename)} is corrupt in its archive (CRC or size wrong); pack it again"
        ) from fault
    return BytesIO(unpacked)
