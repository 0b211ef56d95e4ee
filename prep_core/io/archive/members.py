"""Archives: looked at before anything is unpacked, unpacked in memory only."""

from dataclasses import replace
from pathlib import PurePosixPath

from prep_core.io.archive import tar as tar_archive
from prep_core.io.archive import zip as zip_archive
from prep_core.io.errors import ReadError
from prep_core.io.files import File
from prep_core.io.limits import Limits
from prep_core.io.names import natural, scan_name, shown

NESTED = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".7z", ".rar", ".bz2", ".tbz2", ".xz", ".txz")


def is_archive(head: bytes) -> bool:
    """Whether a file that starts so is an archive: zip, or tar, also compressed."""
    return zip_archive.is_zip(head) or tar_archive.is_tar(head)


def members(name: str, data: bytes, limits: Limits) -> list[File]:
    """The files in an archive, in natural order; folders, hidden files and their like are left out.

    Raises
    ------
    ReadError
        For an archive that is damaged, encrypted, too large, or has members that are links, devices, archives,
        copies of a name, or lie outside of it.
    """
    found = (zip_archive if zip_archive.is_zip(data) else tar_archive).files(name, data, limits)
    seen: set[str] = set()
    for file in found:
        _check_name(name, file, seen)
        seen.add(file.name)
    label = scan_name(name)
    return sorted((replace(f, name=f"{label}/{f.name}") for f in found), key=lambda f: natural(f.name))


def _check_name(archive: str, file: File, seen: set[str]) -> None:
    """A member that must not be followed makes the whole archive suspect."""
    path = PurePosixPath(file.name)
    at = f"{archive} holds {file.shown}"
    if path.is_absolute() or ".." in path.parts or ":" in (*path.parts, "")[0]:
        raise ReadError(f"{at} with an unsafe path outside of the archive; pack it again with relative names")
    if file.name.lower().endswith(NESTED):
        raise ReadError(f"{at}, a nested archive; unpack it first")
    if file.name in seen:
        raise ReadError(
            f"{archive} holds two members with the same name {shown(file.name)}; pack it again without duplicates"
        )
