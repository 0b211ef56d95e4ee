"""Which column of a list says what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prep_core.cohort.table import Table
from prep_core.cohort.words import ListError, quoted

PATH = ("path", "file", "image", "scan")
"""Names of the column with the scans; of several in one list the first counts."""

GROUP = ("group", "patient", "subject", "patient_id", "subject_id")
"""Names of the column whose equal rows stay together."""

SPLIT, FOLD = "split", "fold"
ANSWERS = ("axes", "spacing", "unit", "modality", "part", "raw")
"""Names of columns that say of a scan what its file cannot."""

SPLITS: Mapping[str, str] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
    "holdout": "test",
    "heldout": "test",
}
"""Words for the three roles of a scan, without case, hyphens and underscores."""


@dataclass(frozen=True)
class Columns:
    """The places of columns; None for those that the list does not have."""

    path: int
    split: int | None
    fold: int | None
    group: int | None
    answers: Mapping[str, int]


def role(word: str) -> str | None:
    """The role that `word` stands for: train, validation or test."""
    return SPLITS.get(word.casefold().replace("-", "").replace("_", ""))


def columns_of(table: Table, split_column: str | None = None) -> Columns:
    """The columns of `table`.

    Parameters
    ----------
    split_column : str, optional
        What the column of roles is called.  By default "split", and a list without it has none.

    Raises
    ------
    ListError
        When no column holds the scans, one that was named is missing, or two say the same.
    """
    names = [name.casefold() for name in table.columns]
    paths = [name for name in PATH if name in names]
    if not paths:
        raise ListError(f"{table.name} has no column {', '.join(PATH[:-1])} or {PATH[-1]}, {_there_are(table)}")
    answers = {name: _place(table, names, name) for name in ANSWERS}
    return Columns(
        path=names.index(_once(table, names, paths[0])),
        split=_split(table, names, split_column),
        fold=_place(table, names, FOLD),
        group=_group(table, names),
        answers={name: place for name, place in answers.items() if place is not None},
    )


def _place(table: Table, names: list[str], name: str) -> int | None:
    return names.index(_once(table, names, name)) if name in names else None


def _once(table: Table, names: list[str], name: str) -> str:
    if names.count(name) > 1:
        raise ListError(f"{table.name} has {names.count(name)} columns called {quoted(name)}; rename all but one")
    return name


def _group(table: Table, names: list[str]) -> int | None:
    found = [name for name in GROUP if name in names]
    if len(found) > 1:
        words = " and ".join(map(quoted, found))
        raise ListError(f"{table.name} has columns {words}: rename all but the one whose rows stay together")
    return _place(table, names, found[0]) if found else None


def _split(table: Table, names: list[str], said: str | None) -> int | None:
    name = (said or SPLIT).casefold()
    place = _place(table, names, name)
    if place is None and said:
        raise ListError(f"{table.name} has no column {quoted(said)} for the split, {_there_are(table)}")
    if place is None and (like := next(_like_a_split(table), None)):
        raise ListError(
            f"{table.name} has no column {quoted(name)}, but its column {quoted(like)} reads like a split; "
            f"say --split-column {quoted(like)}, or leave that column out to fit on all rows"
        )
    return place


def _like_a_split(table: Table) -> Iterator[str]:
    """Columns that hold nothing but roles, and not only one: a split under another name is no reason to leak."""
    seen: list[set[str | None]] = [set() for _ in table.columns]
    for _, cells in table.rows():
        for roles, cell in zip(seen, cells, strict=True):
            roles.add(role(cell))
    yield from (name for name, roles in zip(table.columns, seen, strict=True) if len(roles) > 1 and None not in roles)


def _there_are(table: Table) -> str:
    return f"only {', '.join(quoted(name) for name in table.columns[:10])}; rename one of them, or add it"
