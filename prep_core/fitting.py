"""Measuring the dataset lines of a recipe over a training set.

Each line is measured on what the lines above make of the scans.  One scan at a time is looked at, by whoever holds it;
what comes back are accumulators, which merge to the same numbers in any order and grouping.
"""

import hashlib
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from prep_core.line import Fitted, Line, digest
from prep_core.lock.lock import Lock
from prep_core.lock.locking import lock_for
from prep_core.lock.members import member_of
from prep_core.measure import Accumulator
from prep_core.measuring import accumulators, again, finished, parts_of, updated
from prep_core.recipe import Recipe
from prep_core.running import named, run_lines
from prep_core.scan import Scan
from prep_core.shift.portrait import Audit
from prep_core.training_set import InMemory, TrainingSet


@dataclass(frozen=True)
class Progress:
    """How far a fit is: what it does now, and how many scans are done with that."""

    what: str
    scans: int


def fit(
    recipe: Recipe, scans: Iterable[Scan] | TrainingSet, progress: Callable[[Progress], None] = lambda _: None
) -> Recipe:
    """`recipe`, with the numbers of its dataset lines measured over all of `scans` and frozen.

    Each line is measured on what the lines above make of the scans, one scan at a time; voxels are pooled, or each
    scan is weighed alike, as the line says.  At the end each scan is looked at once more, for the lock.

    Parameters
    ----------
    scans : iterable of Scan, or TrainingSet
        A collection that loads lazily is read once for each pass of each dataset line, and once for the lock.
    progress : callable
        Called after each scan.

    Raises
    ------
    StepError
        When a line has no answer for one of the scans, or the scans have nothing to measure.
    """
    training = InMemory(scans) if isinstance(scans, Iterable) else scans
    above = replace(recipe, lines=(), trained_on=None, lock=None)
    hashes: list[str] = []
    for i, line in enumerate(recipe.lines, start=1):
        with named(i, line):
            done, hashes = _fitted(i, line, above, training, progress) if line.over == "dataset" else (line, hashes)
        above = replace(above, lines=(*above.lines, done))
    if not hashes:
        return above
    return replace(above, trained_on=_trained_on(hashes), lock=_locked(above.lines, training, progress))


@dataclass(frozen=True)
class Portion:
    """What one look at one scan found."""

    sha256: str
    measured: list[Accumulator]


@dataclass(frozen=True)
class Look:
    """The work of one pass: what the lines above make of a scan, measured.

    `state` are the accumulators as the pass before left them; None in the first.
    """

    above: Recipe
    line: Line
    state: list[Accumulator] | None

    def __call__(self, scan: Scan) -> Portion:
        """Raises StepError when a line above has no answer for `scan`, and ValueError when this one has none."""
        sha256 = scan.source.sha256
        for done in run_lines(self.above.lines, scan):
            scan = done.scan
        if self.line.spec.measure is None:
            raise ValueError("measures nothing")
        state = self.state
        if state is None:
            state = accumulators(self.line, self.line.spec.measure, parts_of(self.line, scan))
        return Portion(sha256, updated(self.line, deepcopy(state), scan))


def _fitted(
    number: int, line: Line, above: Recipe, training: TrainingSet, progress: Callable[[Progress], None]
) -> tuple[Line, list[str]]:
    line = replace(line, fitted=None)
    state: list[Accumulator] | None = None
    passes = 0
    while True:
        passes += 1
        hashes: list[str] = []
        merged: list[Accumulator] | None = None
        for portion in training.each(Look(above, line, state)):
            merged = _merged(line, merged, portion.measured)
            hashes.append(portion.sha256)
            progress(Progress(f"line {number}: {line.step}, pass {passes}", len(hashes)))
        if merged is None:
            raise ValueError("is measured over a dataset, and there are no scans")
        state = merged
        if not again(state):
            break
    result = finished(line, state)
    fitted = Fitted(result.numbers, len(hashes), result.voxels, digest(above.lines), result.arrays)
    return replace(line, fitted=fitted), hashes


def _merged(line: Line, old: list[Accumulator] | None, new: list[Accumulator]) -> list[Accumulator]:
    if old is None:
        return new
    if len(old) != len(new):
        few, many = sorted((len(old), len(new)))
        raise ValueError(f"is measured per {line.per}: some scans have {few} parts, others {many}")
    for accumulator, other in zip(old, new, strict=True):
        accumulator.merge(other)
    return old


def _locked(lines: tuple[Line, ...], training: TrainingSet, progress: Callable[[Progress], None]) -> Lock:
    portraits = []
    for portrait in training.each(Audit(lines)):
        portraits.append(portrait)
        progress(Progress("the lock: what the scans are like", len(portraits)))
    return lock_for(lines, portraits)


def _trained_on(hashes: Iterable[str]) -> dict[str, Any]:
    ordered = sorted(hashes)
    return {
        "scans": len(ordered),
        "digest": "sha256:" + hashlib.sha256("\n".join(ordered).encode()).hexdigest(),
        "members": sorted({member_of(sha256) for sha256 in ordered if sha256}),
    }
