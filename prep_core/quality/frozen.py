"""The numbers that a fit froze, beside those that each scan alone would have had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from prep_core.fitting import Progress
from prep_core.line import Line, Number
from prep_core.measuring import measured
from prep_core.quality.probing import Tell
from prep_core.recipe import Recipe
from prep_core.running import named, run_line
from prep_core.scan import Scan
from prep_core.training_set import TrainingSet


@dataclass(frozen=True)
class Frozen:
    """One number of a fitted line, or the shape of an image or curve that was measured.

    Attributes
    ----------
    scans, voxels : how much was measured
    lowest, highest, mean : of the numbers that the training scans have, each for itself
    """

    line: int
    step: str
    name: str
    value: float | None
    shape: tuple[int, ...]
    scans: int
    voxels: int
    lowest: float | None = None
    highest: float | None = None
    mean: float | None = None


def by_part(numbers: Mapping[str, Number]) -> dict[str, float]:
    """Each number by its name, with the part of the population (from 1) where there are several."""
    named_parts: dict[str, float] = {}
    for name, number in numbers.items():
        if isinstance(number, tuple):
            named_parts |= {f"{name} {part}": value for part, value in enumerate(number, start=1)}
        else:
            named_parts[name] = number
    return named_parts


def frozen(fitted: Recipe, training: TrainingSet, tell: Tell = lambda _: None) -> tuple[Frozen, ...]:
    """What the dataset lines of `fitted` hold, each number beside those of the scans of `training` alone.

    Scans that have no number for themselves, since they are constant, have no part in the range.
    """
    of_scans: list[dict[int, dict[str, float]]] = []
    for i, numbers in enumerate(training.each(_EachAlone(fitted.lines)), start=1):
        of_scans.append(numbers)
        tell(Progress("numbers of each scan", i))
    return tuple(row for i, line in enumerate(fitted.lines, start=1) for row in _rows(i, line, of_scans))


@dataclass(frozen=True)
class _EachAlone:
    """By line, the numbers that a scan alone has below lines that stand as they were fitted."""

    lines: tuple[Line, ...]

    def __call__(self, scan: Scan) -> dict[int, dict[str, float]]:
        found: dict[int, dict[str, float]] = {}
        for i, line in enumerate(self.lines, start=1):
            with named(i, line):
                if line.fitted:
                    found[i] = _alone(line, scan)
                scan = run_line(line, scan).scan
        return found


def _alone(line: Line, scan: Scan) -> dict[str, float]:
    try:
        return by_part(measured(replace(line, fitted=None), scan, alone=True).numbers)
    except ValueError:  # a constant scan can stand in a set, and has no spread of its own
        return {}


def _rows(number: int, line: Line, of_scans: Sequence[Mapping[int, Mapping[str, float]]]) -> list[Frozen]:
    if line.fitted is None:
        return []
    scans, voxels = line.fitted.scans, line.fitted.voxels
    rows = []
    for name, value in by_part(line.fitted.numbers).items():
        alone = [numbers[number][name] for numbers in of_scans if name in numbers[number]]
        spread = (min(alone), max(alone), float(np.mean(alone))) if alone else (None, None, None)
        rows.append(Frozen(number, line.step, name, value, (), scans, voxels, *spread))
    arrays = line.fitted.arrays.items()
    return rows + [Frozen(number, line.step, n, None, a.data.shape[1:], scans, voxels) for n, a in arrays]
