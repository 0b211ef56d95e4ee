"""A list of scans, checked as a whole: each scan once, no group on both sides, every training scan there."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from prep_core.cohort.checks import refuse_missing, refuse_overlaps, refuse_shared_groups
from prep_core.cohort.columns import columns_of
from prep_core.cohort.csv_table import csv_table
from prep_core.cohort.entry import TRAINING, Entry, entry_of
from prep_core.cohort.folds import Fold, dealt, folds_of
from prep_core.cohort.json_table import json_table
from prep_core.cohort.table import text_of
from prep_core.cohort.words import ListError, ListName

ENDINGS = (".csv", ".tsv", ".json")
"""How the names of lists end."""


@dataclass(frozen=True)
class Cohort:
    """The scans of a list.

    Attributes
    ----------
    name : ListName
    entries : tuple of Entry
        In the order of the list.
    has_split : bool
        Whether the list says who is for training; without that all are.
    """

    name: ListName
    entries: tuple[Entry, ...]
    has_split: bool

    @property
    def training(self) -> tuple[Entry, ...]:
        """What a recipe may be fitted on."""
        return tuple(entry for entry in self.entries if entry.is_training)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries have each role."""
        roles = (TRAINING, "validation", "test")
        return {role: sum(entry.split == role for entry in self.entries) for role in roles}

    def folds(self, count: int) -> tuple[Fold, ...]:
        """The training scans in `count` folds: those of the list, or dealt where it has none.

        Raises
        ------
        ListError
            For fewer than 2 folds, more than there are groups, or another number than the list has.
        """
        return folds_of(dealt(self.training, count), count)

    def fold(self, number: int, of: int) -> Fold:
        """One of `folds(of)`, counted from 0."""
        if not 0 <= number < of:
            raise ListError(f"the fold must be a number from 0 to {of - 1}, got {number}")
        return self.folds(of)[number]


def read_list(path: str | PathLike[str], split_column: str | None = None) -> Cohort:
    """Read a list of scans.  No scan is opened.

    Parameters
    ----------
    path : str or path
        CSV (comma, semicolon or tab, with a header, UTF-8), or JSON: a list of objects, or {"scans": [...]}.
        Its columns are path, and where there are such: split, fold, group (or patient, subject), axes, spacing, unit,
        modality, part, raw.  Relative paths start at the folder of the list.
    split_column : str, optional
        What the column of roles is called; by default "split", if there is one.

    Raises
    ------
    Leak
        When a scan, or a group, is both in training and in validation or test.
    ListError
        When the list cannot be used, with the number of the row.
    """
    name = ListName(str(path), Path(path).suffix.lower() != ".json")
    text = text_of(Path(path), name)
    table = csv_table(name, text) if name.in_rows else json_table(name, text)
    columns = columns_of(table, split_column)
    entries = tuple(entry_of(name, columns, number, cells) for number, cells in table.rows())
    if not entries:
        raise ListError(f"{name} names no scan; write a row for each")
    refuse_overlaps(name, entries)
    refuse_shared_groups(name, entries)
    refuse_missing(name, entries)
    return Cohort(name, entries, columns.split is not None)


def is_list(path: str) -> bool:
    """Whether a path is that of a list, by its name."""
    return path.lower().endswith(ENDINGS) and not Path(path).is_dir()
