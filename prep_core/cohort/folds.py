"""Folds for cross-validation: each leaves its own scans out.  Rows of one group are never divided."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path

from prep_core.cohort.entry import Entry
from prep_core.cohort.words import Leak, ListError, quoted

LONGEST_NUMBER = 6
FORMULAS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Fold:
    """One fold.

    Attributes
    ----------
    number : int
        What a file for it is called by: the list's own number, or the place of the list's word among all.
    word : str
        What the list calls it.
    training, left_out : tuple of Entry
        Every training scan of the cohort is in one of the two.
    """

    number: int
    word: str
    training: tuple[Entry, ...]
    left_out: tuple[Entry, ...]


def dealt(entries: Sequence[Entry], count: int) -> tuple[Entry, ...]:
    """`entries`, each with a fold: its own where the list says so, else 0 to `count` - 1.

    Groups (scans, where there are none) are dealt in turn, in the order of the SHA-256 of their names: the same folds
    for the same scans on every machine, in whatever order the list has them.
    """
    if count < 2:
        raise ListError(f"there must be 2 folds or more, got {count}: one fold would leave nothing to fit on")
    if any(entry.fold for entry in entries):
        return tuple(entries)
    units = sorted({_unit(entry) for entry in entries}, key=lambda unit: sha256(unit.encode()).hexdigest())
    if len(units) < count:
        what = "groups" if any(entry.group for entry in entries) else "scans"
        raise ListError(f"{count} folds need {count} {what} or more for training, and there are {len(units)}")
    turn = {unit: str(i % count) for i, unit in enumerate(units)}
    return tuple(replace(entry, fold=turn[_unit(entry)]) for entry in entries)


def folds_of(entries: Sequence[Entry], count: int) -> tuple[Fold, ...]:
    """The folds that `entries` name.

    Raises
    ------
    ListError
        When one names none, or their number is not `count`.
    Leak
        When a group lies in two folds.
    """
    if without := next((entry for entry in entries if not entry.fold), None):
        raise ListError(f"{without.where} has an empty fold; say one for each training scan, or remove the column")
    words = _in_order({entry.fold for entry in entries})
    if len(words) != count:
        names = ", ".join(quoted(word) for word in words[:10])
        raise ListError(f"{count} folds were asked for, and the list has {len(words)} ({names}); ask for {len(words)}")
    _refuse_divided_groups(entries)
    return tuple(
        Fold(
            int(word) if _are_numbers(words) else place,
            word,
            tuple(entry for entry in entries if entry.fold != word),
            tuple(entry for entry in entries if entry.fold == word),
        )
        for place, word in enumerate(words)
    )


def folds_csv(entries: Sequence[Entry], folder: Path) -> str:
    """The folds as a list of scans that lies in `folder`, sorted by path."""
    named = sorted((_from(folder, entry.path), entry.fold, entry.group) for entry in entries)
    has_groups = any(group for _, _, group in named)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("path", "fold", "group") if has_groups else ("path", "fold"))
    writer.writerows(row if has_groups else row[:2] for row in dict.fromkeys(named))
    return text.getvalue()


def _unit(entry: Entry) -> str:
    return entry.group or entry.relative


def _are_numbers(words: Sequence[str]) -> bool:
    return all(word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER for word in words)


def _in_order(words: set[str]) -> list[str]:
    return sorted(words, key=int) if _are_numbers(tuple(words)) else sorted(words)


def _refuse_divided_groups(entries: Sequence[Entry]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.group or entry.where, entry)
        if other.fold != entry.fold:
            raise Leak(
                f"{other.where} and {entry.where} are of one group, in the folds {quoted(other.fold)} and "
                f"{quoted(entry.fold)}; give the group one fold"
            )


def _from(folder: Path, path: Path) -> str:
    """`path` as seen from `folder`, and so that no spreadsheet takes it for a formula."""
    try:
        relative = Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:
        # On another drive of Windows no relative path leads there.
        return path.absolute().as_posix()
    return f"./{relative}" if relative.startswith(FORMULAS) else relative
