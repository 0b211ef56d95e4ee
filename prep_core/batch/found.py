"""The scans in files, folders and archives."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prep_core.io import ReaderFault, ReadError, is_candidate, is_slice, is_store, load
from prep_core.scan import Scan

Read = Callable[..., list[Scan]]
"""`load`, or what reads in its place."""


@dataclass(frozen=True)
class Found:
    """A scan in one of the paths that were asked for, or the reason why it cannot be read.

    `part` is what was read by itself: the path, or a file or folder inside it.
    """

    path: str
    part: str
    scan: Scan | None = None
    error: str = ""


def loaded(paths: Iterable[str], read: Read = load, **answers: Any) -> Iterator[Found]:
    """Every scan in `paths` (files, folders, archives), one at a time, by `read` with the user's `answers`."""
    for path in paths:
        for part in parts_in(path):
            scans = scans_of(part, read, answers)
            if isinstance(scans, str):
                yield Found(path, part, error=scans)
            else:
                yield from (Found(path, part, scan) for scan in scans)


def scans_of(part: str, read: Read, answers: Mapping[str, Any]) -> list[Scan] | str:
    """The scans of one of `parts_in`, or the reason why it cannot be read."""
    try:
        return read(Path(part), **answers)
    except (ReadError, ReaderFault) as error:
        return str(error)


def parts_in(path: str) -> list[str]:
    """What is read by itself in `path`: a folder of DICOM slices or a Zarr store is one, of any other folder each file
    and folder is.

    So one broken scan in a tree of scans is one failure, and a folder of texts among them is none.
    """
    return [str(part) for part in _scans_in(Path(path))] or [path]


def _scans_in(path: Path) -> list[Path]:
    if not path.is_dir() or is_store(path):
        return [path]
    inside = sorted(p for p in path.iterdir() if not p.name.startswith(".") and not p.is_symlink())
    files = [p for p in inside if p.is_file()]
    if any(is_slice(p) for p in files):
        return [path]
    return [part for p in inside if p.is_dir() or is_candidate(p) for part in _scans_in(p)]
