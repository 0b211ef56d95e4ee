"""What measuring validation and test scans along with the training set does to the numbers, and to the values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from prep_core.fitting import fit
from prep_core.line import Fitted, Line
from prep_core.measuring import Measured
from prep_core.quality.frozen import by_part
from prep_core.quality.probing import PROBES, Probes, Tell, has_probes, outputs, pooled
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_core.training_set import TrainingSet

Answer = TypeVar("Answer")

_STEADY = 1e-3
"""By what share changes of several values may differ, and still be one and the same."""


@dataclass(frozen=True)
class NumberChange:
    """A number measured on the training scans alone, and with the others among them."""

    name: str
    clean: float
    leaked: float

    @property
    def relative(self) -> float | None:
        """The change over the size of the number; None for a number that is 0."""
        return (self.leaked - self.clean) / abs(self.clean) if self.clean else None


@dataclass(frozen=True)
class ArrayChange:
    """A measured image or curve: its shape, its largest change, and that as a share of its range."""

    name: str
    shape: tuple[int, ...]
    largest: float
    share: float | None


@dataclass(frozen=True)
class OutputChange:
    """The largest change of what a line makes of a value: by how much, at which value and percentile, in which unit.

    `steady` says that all values that were followed change by as much.
    """

    amount: float
    value: float
    percentile: str
    unit: str
    steady: bool


@dataclass(frozen=True)
class Leak:
    """What changes in one line.  `output` is None where its answer depends on more than a value and frozen numbers."""

    number: int
    step: str
    numbers: tuple[NumberChange, ...]
    arrays: tuple[ArrayChange, ...]
    output: OutputChange | None


class Joined:
    """Several sets of scans as one."""

    def __init__(self, *sets: TrainingSet) -> None:
        self._sets = sets

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        for scans in self._sets:
            yield from scans.each(work)


def leaks(recipe: Recipe, training: TrainingSet, others: TrainingSet, tell: Tell = lambda _: None) -> tuple[Leak, ...]:
    """For each dataset line of `recipe`, what measuring `others` along with `training` changes.

    Raises
    ------
    StepError
        As `fit`.
    """
    clean = fit(recipe, training, tell)
    leaked = fit(recipe, Joined(training, others), tell)
    found = []
    for i, (old, new) in enumerate(zip(clean.lines, leaked.lines, strict=True), start=1):
        if old.fitted and new.fitted:
            followed = has_probes(old) and old.spec.own is None
            probes = pooled(clean.lines[:i], training, tell) if followed else None
            found.append(_leak(i, old, old.fitted, new.fitted, probes))
    return tuple(found)


def _leak(number: int, line: Line, clean: Fitted, leaked: Fitted, probes: Probes | None) -> Leak:
    before, after = by_part(clean.numbers), by_part(leaked.numbers)
    numbers = tuple(NumberChange(name, value, after[name]) for name, value in before.items())
    arrays = tuple(_array_change(name, clean, leaked) for name in clean.arrays)
    output = _output_change(line, clean, leaked, probes) if probes else None
    return Leak(number, line.step, numbers, arrays, output)


def _array_change(name: str, clean: Fitted, leaked: Fitted) -> ArrayChange:
    old, new = (np.asarray(fitted.arrays[name].data, np.float64) for fitted in (clean, leaked))
    largest = float(np.nanmax(np.abs(new - old), initial=0.0))
    span = float(np.nanmax(old) - np.nanmin(old))
    return ArrayChange(name, old.shape[1:], largest, largest / span if span else None)


def _output_change(line: Line, clean: Fitted, leaked: Fitted, probes: Probes) -> OutputChange:
    old, new = (outputs(line, _measured(fitted), probes.form, probes.values) for fitted in (clean, leaked))
    change = new - old
    part, column = np.unravel_index(int(np.argmax(np.abs(change))), change.shape)
    amount = float(change[part, column])
    unit = line.spec.unit_after(line.params, probes.form.unit)
    percentile = list(PROBES)[int(column)]
    steady = bool(np.abs(change - amount).max() <= _STEADY * abs(amount))
    return OutputChange(amount, float(probes.values[part, column]), percentile, unit, steady)


def _measured(fitted: Fitted) -> Measured:
    return Measured(fitted.numbers, fitted.voxels, fitted.arrays)
