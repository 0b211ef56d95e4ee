"""Folders of the server that the operator opened to the page; without PREP_FOLDERS there are none."""

import os
from collections.abc import Callable
from pathlib import Path

from prep_core.batch import Part, parts_in
from prep_core.batch.found import Read, scans_of
from prep_core.batch.part import called
from prep_core.fitting import Progress
from prep_core.inspection import Summary, inspect
from prep_core.io import distinct
from prep_ui.dataset.kept import FolderRead, InFolder

MOST_PARTS = 2000
"""Files and series that a folder may hold here; the command line takes any number."""


class FolderError(ValueError):
    """A folder that may not or cannot be read; the sentence says what to do."""


def allowed(setting: str) -> tuple[Path, ...]:
    """The folders named in `setting`, one after the other with a colon between (a semicolon on Windows), resolved.

    Those that are no folders are left out.
    """
    named = (Path(name).expanduser() for name in setting.split(os.pathsep) if name.strip())
    return tuple(path.resolve() for path in named if path.is_dir())


def inside(root: Path, typed: str) -> Path:
    """The folder `typed`, below `root`, with all links resolved.

    Raises
    ------
    FolderError
        For one that does not exist, is no folder, or lies elsewhere.
    """
    refusal = f"{typed!r} is no folder inside {root.name}; write a path from there, such as study/train"
    try:
        path = (root / typed.strip()).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as fault:
        raise FolderError(refusal) from fault
    if not path.is_relative_to(root) or not path.is_dir():
        raise FolderError(refusal)
    return path


def read_folder(folder: Path, read: Read, tell: Callable[[Progress], None]) -> FolderRead:
    """The figures of every scan in `folder`, read one after the other and not kept.

    Raises
    ------
    FolderError
        For a folder that holds too much, or no scan that can be read.
    """
    parts = parts_in(str(folder))
    if len(parts) > MOST_PARTS:
        raise FolderError(f"{folder.name} holds {len(parts)} files, above {MOST_PARTS}; use python -m prep_core fit")
    scans: list[InFolder] = []
    figures: dict[str, Summary] = {}
    complaints: list[str] = []
    names: set[str] = set()
    for i, part in enumerate(parts, start=1):
        before = stamp(part)
        found = _summaries(part, read)
        if isinstance(found, str):
            complaints.append(found)
        else:
            for n, summary in enumerate(found):
                name = distinct(summary.name, names)
                names.add(name.lower())
                scans.append(InFolder(part, n, name, before))
                figures[scans[-1].identity] = summary
        tell(Progress(f"reading {called(part)}", i))
    if not scans:
        raise FolderError(complaints[0] if complaints else f"{folder.name} holds no scan; choose another folder")
    return FolderRead(tuple(scans), tuple(complaints), figures)


def stamp(part: Part) -> int:
    """When a file, a folder, or any file of a series was last written, in ns; 0 once it is gone."""
    paths = [Path(part)] if isinstance(part, str) else [Path(part.folder, file) for file in part.files]
    try:
        return max(path.stat().st_mtime_ns for path in paths)
    except OSError:
        return 0


def _summaries(part: Part, read: Read) -> list[Summary] | str:
    scans = scans_of(part, read, {})
    if isinstance(scans, str):
        return scans
    try:
        return [inspect(scan) for scan in scans]
    except ValueError as fault:
        return f"{called(part)}: {fault}"
