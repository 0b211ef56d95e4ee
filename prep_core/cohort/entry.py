"""One row of a list: a scan, its role, and what is said of it."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prep_core.cohort.columns import Columns, role
from prep_core.cohort.words import ListError, ListName, quoted
from prep_core.io import Answers, RawForm

TRAINING = "train"
LONGEST_ANSWER = 200


@dataclass(frozen=True)
class Entry:
    """A scan of a cohort.

    Attributes
    ----------
    number : int
        Its row, as a spreadsheet counts; in JSON its place from 1.
    where : str
        The same in words: "row 7 of split.csv".
    path : Path
        A file, folder or archive.
    relative : str
        `path` as seen from the folder of the list, with slashes: the same on every machine.
    split : str
        "train", "validation" or "test".
    fold, group : str
        Empty where the list does not say.
    answers : mapping
        What the row says of the scan, as keyword arguments of `prep_core.load`.
    """

    number: int
    where: str
    path: Path
    relative: str
    split: str = TRAINING
    fold: str = ""
    group: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_training(self) -> bool:
        return self.split == TRAINING


def entry_of(name: ListName, columns: Columns, number: int, cells: Sequence[str]) -> Entry:
    """The entry in one row.

    Raises
    ------
    ListError
        With the number of the row, and what it says wrong.
    """
    where = name.rows([number])
    folder = Path(name.path).absolute().parent
    path = _path(where, cells[columns.path])
    return Entry(
        number,
        name.row(number),
        folder / path,
        _relative(folder, path),
        TRAINING if columns.split is None else _role(where, cells[columns.split]),
        "" if columns.fold is None else _whole(cells[columns.fold]),
        "" if columns.group is None else _group(where, cells[columns.group]),
        _answers(where, {answer: cells[place] for answer, place in columns.answers.items() if cells[place]}),
    )


def _path(where: str, cell: str) -> Path:
    if not cell:
        raise ListError(f"{where} has no path; name the scan, or remove the row")
    if any(ord(c) < ord(" ") for c in cell):
        raise ListError(f"{where} has a path with a control character in it, {quoted(cell)}; correct it")
    return Path(cell)


def _relative(folder: Path, path: Path) -> str:
    """`path` from `folder`; a whole path that leads elsewhere stays as it is."""
    if path.is_absolute() and not path.is_relative_to(folder):
        return path.as_posix()
    return Path(os.path.relpath(folder / path, folder)).as_posix()


def _role(where: str, cell: str) -> str:
    found = role(cell)
    if found is None:
        got = quoted(cell) if cell else "an empty cell"
        raise ListError(
            f"{where}: the split must be train (training), validation (val, valid, dev) or test (testing, holdout, "
            f"held-out), got {got}; correct it"
        )
    return found


def _whole(cell: str) -> str:
    """A whole number as written without zeros around it, since spreadsheets and data frames make 01 and 1.0 of 1."""
    whole, _, rest = cell.partition(".")
    is_whole = whole.isascii() and whole.isdecimal() and not rest.strip("0")
    return (whole.lstrip("0") or "0") if is_whole else cell


def _group(where: str, cell: str) -> str:
    if not cell:
        raise ListError(f"{where} has an empty group; say whose scan it is, so that rows of one group stay together")
    return cell


def _answers(where: str, told: Mapping[str, str]) -> Mapping[str, Any]:
    """What a row says of its scan, tried out before anything is read."""
    answers: dict[str, Any] = dict(told)
    if long := next((name for name, cell in told.items() if len(cell) > LONGEST_ANSWER), None):
        raise ListError(
            f"{where}: {long} has {len(told[long]):,} characters; {LONGEST_ANSWER} are the most: shorten it"
        )
    try:
        if "spacing" in told:
            answers["spacing"] = _spacing(told["spacing"])
        if "raw" in told:
            answers["raw"] = RawForm.parse(told["raw"])
        Answers(**answers)
    except ValueError as error:
        raise ListError(f"{where}: {error}") from None
    return answers


def _spacing(cell: str) -> tuple[float, ...]:
    try:
        return tuple(float(length) for length in re.split(r"[\s,;x]+", cell))
    except ValueError:
        raise ValueError(f"spacing must be lengths in mm such as 3,0.8,0.8 (z, y, x), got {quoted(cell)}") from None
