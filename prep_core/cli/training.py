"""Who is in the training set, as the options of `fit` say it: scans, a list, or scans and the list of their roles."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prep_core.batch import paths_in
from prep_core.cli.outcome import CallError
from prep_core.cohort import (
    Cohort,
    Entry,
    Fold,
    ListError,
    dealt,
    folds_csv,
    folds_of,
    is_list,
    named_scans,
    read_list,
    training_scans_among,
)


@dataclass(frozen=True)
class Training:
    """The scans to fit on, and what a list said of them."""

    entries: tuple[Entry, ...]
    told: str = ""


def add_training_options(parser: argparse.ArgumentParser) -> None:
    who = parser.add_argument_group(
        "who is in the training set",
        "PATH may also be one list of scans (.csv, .tsv, .json): only its rows for training are read",
    )
    who.add_argument(
        "--split", metavar="LIST", help="a list of the roles of scans; a PATH that is not train is refused"
    )
    who.add_argument("--split-column", metavar="NAME", help="the column with train, validation, test; default: split")
    who.add_argument(
        "--fold",
        type=int,
        metavar="K",
        help="one recipe for each of K folds, fitted without the scans of that fold; written to NAME.foldN",
    )


def training_of(options: argparse.Namespace) -> Training:
    """The scans to fit on.  None is read.

    Raises
    ------
    CallError
        When the options do not fit together, a list cannot be used, or a scan is not for training.
    """
    try:
        return _training_of(options.path, options.split, options.split_column)
    except ListError as error:
        raise CallError(str(error)) from None


def folds_of_training(training: Training, count: int) -> tuple[tuple[Fold, ...], bool]:
    """The folds of a training set, and whether they were dealt here.

    Raises
    ------
    CallError
        When there cannot be so many, or the list has others.
    """
    try:
        return folds_of(dealt(training.entries, count), count), not any(entry.fold for entry in training.entries)
    except ListError as error:
        raise CallError(str(error)) from None


def folds_text(folds: Sequence[Fold], folder: Path) -> str:
    """Who is left out of which fold, as a list that lies in `folder`."""
    return folds_csv([entry for fold in folds for entry in fold.left_out], folder)


def _training_of(paths: Sequence[str], split: str | None, column: str | None) -> Training:
    lists = [path for path in paths if is_list(path)]
    if lists and (split or len(paths) > 1):
        raise CallError(f"{Path(lists[0]).name} is a list of scans: name it alone, or scans with --split LIST")
    if not lists and not split:
        if column:
            raise CallError(f"--split-column {column} is about a list; name one, or scans with --split LIST")
        return Training(named_scans(paths, paths_in))
    cohort = read_list(lists[0] if lists else split or "", column)
    if split and not cohort.has_split:
        raise CallError(f"{cohort.name} has no column split; --split needs a list that says who is for training")
    entries = cohort.training if lists else training_scans_among(cohort, paths, paths_in)
    if not entries:
        raise CallError(f"{cohort.name} has no row for training ({_told(cohort)}); say train in one, or more")
    return Training(entries, _told(cohort))


def _told(cohort: Cohort) -> str:
    if not cohort.has_split:
        return f"{cohort.name} has no column split, so each of its {len(cohort.entries)} rows is for training"
    counts = ", ".join(f"{count} {role}" for role, count in cohort.counts.items())
    return f"of {len(cohort.entries)} rows: {counts}"
