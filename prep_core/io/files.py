"""Any source as a list of files: a path, a folder, an archive, bytes, or a mapping of names to bytes."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader, BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self, cast

from prep_core.io.errors import ReadError
from prep_core.io.limits import Limits
from prep_core.io.names import natural, shown
from prep_core.io.segment import Segment

HIDDEN = (".", "__MACOSX")
ZARR_METADATA = frozenset((".zarray", ".zgroup", ".zattrs", ".zmetadata"))
"""Names that begin as hidden files do, and say what the numbers of a Zarr store (version 2) are."""


@dataclass(frozen=True, slots=True)
class Series:
    """Files of a folder that are read together, apart from what lies beside them.

    Attributes
    ----------
    folder : str
    files : tuple of str
        Below the folder, with slashes.
    name : str
        What the scan is called where the whole folder is read.
    others : int
        How many series lie beside this one, for whom that is worth a word.
    """

    folder: str
    files: tuple[str, ...]
    name: str
    others: int = 0

    @property
    def path(self) -> str:
        """The file, or of several the folder that they lie in."""
        paths = [str(Path(self.folder, file)) for file in self.files]
        return paths[0] if len(paths) == 1 else os.path.commonpath([os.path.dirname(path) for path in paths])

    def absolute(self) -> Self:
        return replace(self, folder=str(Path(self.folder).absolute()))


Content = bytes | Segment
"""What a file holds, in memory."""

OneSource = str | os.PathLike[str] | Content | Mapping[str, Content]
FileSource = OneSource | Series


@dataclass(frozen=True, slots=True)
class File:
    """A named piece of data that can be opened again and again.

    `name` is relative, with slashes, and always has a folder: that folder names a series.  One that `is_packed` is
    unpacked each time that it is opened.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    segment: Segment | None = None
    is_packed: bool = False

    @property
    def shown(self) -> str:
        return shown(self.name)

    @property
    def folder(self) -> str:
        return PurePosixPath(self.name).parent.name or "scan"

    def head(self, count: int) -> bytes:
        """The first `count` bytes, or fewer."""
        with self.open() as stream:
            return stream.read(count)

    def read(self) -> bytes:
        """All bytes.

        Raises
        ------
        ReadError
            When the file shrank or cannot be read to its end.
        """
        with self.reading(), self.open() as stream:
            data = stream.read(self.size + 1)
        self.refuse_other(len(data) == self.size)
        return data

    def read_behind(self, header: bytes, body: memoryview) -> str:
        """Fill `body` with what lies behind `header`, which was read before.

        Returns
        -------
        str
            The digest of the whole file, of the bytes as they were read here.

        Raises
        ------
        ReadError
            As `read`, and when the header is another one by now.
        """
        with self.reading(), self.open() as stream:
            same = stream.read(len(header)) == header and cast(BufferedReader, stream).readinto(body) == len(body)
            more = self.size - len(header) - len(body)
            rest = stream.read(more + 1)
        self.refuse_other(same and len(rest) == more)
        sha = hashlib.sha256(header)
        sha.update(body)
        sha.update(rest)
        return sha.hexdigest()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn a fault of the disk into a ReadError."""
        try:
            yield
        except OSError as fault:
            raise ReadError(f"{self.shown} cannot be read from the disk; check it and try again") from fault

    def refuse_other(self, is_same: bool) -> None:
        """Complain about a file that is not what it was when it was found.

        Raises
        ------
        ReadError
        """
        if not is_same:
            raise ReadError(f"{self.shown} changed while it was read; wait until it is complete and try again")

    def view(self) -> memoryview:
        """All bytes, from where they lie if they lie in a segment.

        Raises
        ------
        ReadError
            As `read`.
        """
        return self.segment.view if self.segment else memoryview(self.read())

    def digest_of(self, data: bytes | memoryview) -> str:
        """SHA-256 of `data`, which is all of this file."""
        return (self.segment and self.segment.sha256) or digest(data)


def of_bytes(name: str, data: Content) -> File:
    """A file whose bytes are in memory."""
    if isinstance(data, Segment):
        return File(name, len(data), data.open, data)
    return File(name, len(data), lambda: BytesIO(data))


def digest(data: bytes | memoryview) -> str:
    """SHA-256 of `data`, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(parts: list[str]) -> str:
    """One digest for many, whatever their order."""
    return parts[0] if len(parts) == 1 else digest("".join(sorted(parts)).encode())


def from_folder(folder: Path, limits: Limits) -> list[File]:
    """Every file below `folder` that is not hidden, in natural order.  Links are not followed out of it."""
    root = folder.resolve()
    paths: list[Path] = []
    for found in _walk(root):
        paths.append(found)
        limits.check(shown(root.name), "members", len(paths), "its number of files")
    files = [_from_path(p, f"{root.name}/{p.relative_to(root).as_posix()}") for p in paths]
    return sorted(files, key=lambda f: natural(f.name))


def from_series(series: Series, limits: Limits) -> list[File]:
    """The files of `series`, called as in `from_folder`.

    Raises
    ------
    ReadError
        When one is not there any more, or they are too many.
    """
    limits.check(shown(series.name), "members", len(series.files), "its number of files")
    root = Path(series.folder).resolve()
    return [replace(from_path(root / file), name=f"{root.name}/{file}") for file in series.files]


def from_mapping(mapping: Mapping[str, Content], label: str, limits: Limits) -> list[File]:
    """The files of a browser's folder upload, in natural order of their relative names."""
    limits.check(shown(label), "members", len(mapping), "its number of files")
    files = [of_bytes(with_folder(n, label), mapping[n]) for n in mapping if not is_hidden(n)]
    return sorted(files, key=lambda f: natural(f.name))


def from_path(path: Path) -> File:
    """One file on the disk."""
    if not path.is_file():
        raise ReadError(f"{shown(path.name)} does not exist or is not a file; check the path")
    return _from_path(path, with_folder(path.name, path.absolute().parent.name))


def _from_path(path: Path, name: str) -> File:
    return File(name, path.stat().st_size, lambda: path.open("rb"))


def with_folder(name: str, label: str) -> str:
    """`name` with slashes, and with `label` for its folder where it has none."""
    clean = name.replace("\\", "/").lstrip("/")
    return clean if "/" in clean else f"{label or 'scan'}/{clean}"


def _walk(root: Path) -> Iterator[Path]:
    for folder, inside, names in os.walk(root):
        inside[:] = [i for i in inside if not is_hidden(i)]
        for name in names:
            path = Path(folder) / name
            stays = not path.is_symlink() or path.resolve().is_relative_to(root)
            if not is_hidden(name) and stays and path.is_file():
                yield path


def is_hidden(name: str) -> bool:
    """Whether a file, or a folder above it, is hidden; metadata of Zarr are not."""
    *folders, base = [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")] or [""]
    inside = any(part.startswith(HIDDEN) for part in folders)
    return inside or (base.startswith(HIDDEN) and base not in ZARR_METADATA)
