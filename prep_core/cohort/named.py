"""Scans that were named one by one: with a list that says which of them are for training, or without any."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from prep_core.cohort.cohort import Cohort
from prep_core.cohort.entry import Entry
from prep_core.cohort.places import Place, around, place
from prep_core.cohort.words import Leak, ListError
from prep_core.io.names import shown

Expand = Callable[[str], list[str]]
"""What gives the scans in a path: itself, or what a folder holds."""


def named_scans(paths: Sequence[str], expand: Expand) -> tuple[Entry, ...]:
    """Scans of which no list says anything.

    Raises
    ------
    ListError
        When one is named twice.
    """
    parts = [part for path in paths for part in expand(path)]
    _refuse_twice(parts)
    folder = os.path.commonpath([Path(part).absolute().parent for part in parts])
    return tuple(
        Entry(number, f"scan {number} of {len(parts)}", Path(part), _relative(Path(part), folder))
        for number, part in enumerate(parts, start=1)
    )


def training_scans_among(cohort: Cohort, paths: Sequence[str], expand: Expand) -> tuple[Entry, ...]:
    """The entries of `cohort` for scans that were named, all of them for training.

    No folder with a scan of another role is looked into.

    Raises
    ------
    Leak
        When `cohort` says that one is for validation or test.
    ListError
        When it does not name one, or one is named twice.
    """
    _refuse_folders(cohort, paths)
    parts = [part for path in paths for part in expand(path)]
    listed = _by_place(cohort.entries)
    numbered = [(f"scan {i} of {len(parts)}", Path(part)) for i, part in enumerate(parts, start=1)]
    found = [(what, part, _entries_at(listed, part)) for what, part in numbered]
    for what, part, entries in found:
        _refuse_role(cohort, what, part, entries)
    _refuse_twice(parts)
    return tuple(_at(entry, part) for _, part, entries in found for entry in entries)


def _refuse_folders(cohort: Cohort, paths: Sequence[str]) -> None:
    """Complain about a folder that holds a scan that is not for training, or lies in one, before it is looked into."""
    # Backwards, so that the first row of all that a folder holds is the one that is told.
    held_out = [entry for entry in reversed(cohort.entries) if not entry.is_training]
    at = {place(entry.path): entry for entry in held_out}
    folders = around(entry.path for entry in held_out)
    above = {folder: entry for entry, them in zip(held_out, folders, strict=True) for folder in them}
    for number, path in enumerate(paths, start=1):
        if not Path(path).is_dir():
            continue
        found = above.get(place(Path(path))) or next((at[p] for p in _at_and_around(Path(path)) if p in at), None)
        if found:
            raise Leak(
                f"path {number} of {len(paths)} leads to a scan of {found.split}, {cohort.name.rows([found.number])}; "
                "fitting on it would leak: name the training scans, or the list in their place"
            )


def _refuse_role(cohort: Cohort, what: str, part: Path, entries: Sequence[Entry]) -> None:
    if not entries:
        raise ListError(
            f"{what} ({shown(part.name)}) is not in {cohort.name}; fitting on a scan of unknown role may leak: give it "
            "a row, or leave it out"
        )
    for entry in entries:
        if not entry.is_training:
            row = cohort.name.rows([entry.number])
            raise Leak(f"{what} is {entry.split}, {row}; fitting on it would leak: leave it out")


def _refuse_twice(parts: Sequence[str]) -> None:
    first: dict[Place, int] = {}
    for number, part in enumerate(parts, start=1):
        other = first.setdefault(place(Path(part)), number)
        if other != number:
            raise ListError(f"scan {number} of {len(parts)} is scan {other} again; name each scan once")


def _by_place(entries: Sequence[Entry]) -> defaultdict[Place, list[Entry]]:
    listed: defaultdict[Place, list[Entry]] = defaultdict(list)
    for entry in entries:
        listed[place(entry.path)].append(entry)
    return listed


def _entries_at(listed: defaultdict[Place, list[Entry]], part: Path) -> list[Entry]:
    """The entries of a file; those of the innermost folder around it where it has none of its own."""
    return next((listed[p] for p in _at_and_around(part) if p in listed), [])


def _at_and_around(path: Path) -> tuple[Place, ...]:
    (folders,) = around([path])
    return (place(path), *folders)


def _at(entry: Entry, part: Path) -> Entry:
    """`entry` for one of the scans in its folder."""
    if place(entry.path) == place(part):
        return replace(entry, path=part)
    inside = os.path.relpath(os.path.realpath(part), os.path.realpath(entry.path))
    return replace(entry, path=part, relative=f"{entry.relative}/{Path(inside).as_posix()}")


def _relative(part: Path, folder: str) -> str:
    return Path(os.path.relpath(part.absolute(), folder)).as_posix()
