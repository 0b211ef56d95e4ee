"""The scans of a list, as a training set."""

from collections.abc import Iterable, Mapping
from typing import Any

from prep_core.batch.found import Read, parts_in
from prep_core.batch.training_files import Row, TrainingFiles
from prep_core.cohort import Entry
from prep_core.engine import Engine, Here
from prep_core.io import load


def rows_of(entries: Iterable[Entry], answers: Mapping[str, Any]) -> tuple[Row, ...]:
    """What is read by itself for each of `entries`; what its row says of a scan counts before `answers`."""
    return tuple(
        Row(part, {**answers, **entry.answers}, entry.where) for entry in entries for part in parts_in(str(entry.path))
    )


def training_scans(
    entries: Iterable[Entry], read: Read = load, engine: Engine | None = None, **answers: Any
) -> TrainingFiles:
    """The scans of a list for `prep_core.fit`, read one at a time: `fit(recipe, training_scans(cohort.training))`.

    Parameters
    ----------
    entries : iterable of Entry
        `cohort.training`, or the `training` of a fold, of what `prep_core.read_list` gives.
    read : callable
        `load`, or what reads in its place.
    engine : Engine, optional
        Who works on the scans; by default this process, one after the other.
    **answers
        What is said of all scans, as keyword arguments of `prep_core.load`.
    """
    return TrainingFiles(rows_of(entries, answers), read, engine or Here())
