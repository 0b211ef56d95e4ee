"""The scans in files, folders and archives."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from prep_core.batch.aside import FolderError
from prep_core.batch.part import Part, path_of, source_of
from prep_core.io import LargeScan, ReaderFault, ReadError, Series, is_candidate, is_slice, is_store, load, parts_of
from prep_core.scan import Scan

Read = Callable[..., Sequence[Scan]]
"""`load`, or what reads in its place."""

Open = Callable[..., Sequence[Scan | LargeScan]]
"""The same, which may leave scans that are larger than memory where they are."""

Given = TypeVar("Given", bound=Scan | LargeScan)


@dataclass(frozen=True)
class Found:
    """A scan in one of the paths that were asked for, or the reason why it cannot be read.

    `part` is what was read by itself: the path, or a file, a folder or a series inside it.
    """

    path: str
    part: Part
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


def scans_of(part: Part, read: Callable[..., Sequence[Given]], answers: Mapping[str, Any]) -> Sequence[Given] | str:
    """The scans of one of `parts_in`, or the reason why it cannot be read."""
    try:
        return read(source_of(part), **answers)
    except (ReadError, ReaderFault) as error:
        return str(error)


def parts_in(path: str) -> list[Part]:
    """What is read by itself in `path`: a series of DICOM files or a Zarr store is one, and so is each other file.

    So one broken scan in a tree of scans is one failure, and a folder of texts among them is none.
    """
    return _parts_in(Path(path)) or [path]


def paths_in(path: str) -> list[str]:
    """The paths of `parts_in`, for lists: a folder that several series share, or one and others, is one.

    `parts_in` gives the same parts for all of them.
    """
    parts = parts_in(path)
    shared = {path_of(part) for part in parts if isinstance(part, Series) and len(part.files) > 1}
    paths = (path_of(part) for part in parts)
    return list(dict.fromkeys(str(one) for one in paths if shared.isdisjoint(one.parents)))


def parts_outside(paths: Iterable[str], folders: Collection[Path]) -> list[Part]:
    """All `parts_in` the paths, but results: files directly in one of `folders`, and these themselves.

    Raises
    ------
    FolderError
        When one of the paths is such a file or folder: its result could replace it.
    """
    places = frozenset(folder.resolve() for folder in folders)
    named = list(paths)
    for path in named:
        if _is_in(Path(path), places):
            raise FolderError(f"{path} lies where the results go and could be replaced by one; name another folder")
    return [part for path in named for part in parts_in(path) if not _is_in(path_of(part), places)]


def _is_in(path: Path, places: frozenset[Path]) -> bool:
    place = path.resolve()
    return place in places or (place.is_file() and place.parent in places)


def _parts_in(path: Path) -> list[Part]:
    if not path.is_dir() or is_store(path):
        return [str(path)]
    inside = sorted(p for p in path.iterdir() if not p.name.startswith(".") and not p.is_symlink())
    files = [p for p in inside if p.is_file()]
    if any(is_slice(p) for p in files):
        return parts_of(path)
    return [part for p in inside if p.is_dir() or is_candidate(p.name) for part in _parts_in(p)]
