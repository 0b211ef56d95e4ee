"""One line of a recipe on every scan of a set: measured on each scan alone, against measured over the training scans.

Every scan is looked at twice, one at a time, after the passes of the fit; what is kept of it are figures.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from prep_core.fitting import Progress, fit
from prep_core.line import Line
from prep_core.measuring import Measured
from prep_core.quality.looks import ALONE, BEFORE, TOGETHER, First, FirstLook, SecondLook, Shares
from prep_core.quality.overlaid import Axis, Overlaid, decibel_axis, linear_axis
from prep_core.quality.probing import Tell, has_probes, outputs, pooled
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_core.training_set import TrainingSet

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Places:
    """Where values come out in one scan: (parts, probes), with its own numbers and with those of the training set."""

    alone: NDArray[np.float64]
    together: NDArray[np.float64]


@dataclass(frozen=True)
class AtScan:
    """One scan at the line.

    Attributes
    ----------
    alone, together : its numbers measured on this scan, and those of the training set
    values, ranks : what the line makes of the probes, and of the same percentiles of this scan; None without probes
    not_alone : why there are no numbers of this scan alone
    complaint : why there is no answer for this scan; everything else is empty then
    """

    name: str
    alone: Measured | None
    together: Measured
    values: Places | None
    ranks: Places | None
    not_alone: str
    complaint: str


@dataclass(frozen=True)
class AtLine:
    """One line on every scan of a set.

    Attributes
    ----------
    line : with the numbers of the training set, where it measures
    scans : the training scans, then the others
    probes : (parts, n) pooled percentiles of what the line measures in the training set (`probing.PROBES`); None where
        the answer for a voxel depends on more than its value
    charts : by stage (`looks`; ALONE only where scans have numbers of their own), the histograms on a linear axis
    charts_db : the same on an axis in dB, for the stages that have one
    unit : of the values after the line
    """

    line: Line
    scans: tuple[AtScan, ...]
    probes: NDArray[np.float64] | None
    charts: Mapping[str, Overlaid]
    charts_db: Mapping[str, Overlaid]
    unit: str

    @property
    def answered(self) -> tuple[AtScan, ...]:
        """The scans that the line has an answer for."""
        return tuple(scan for scan in self.scans if not scan.complaint)


def over_dataset(recipe: Recipe, number: int) -> Recipe:
    """`recipe` down to line `number`, counted from 1, not fitted; that line is measured over the dataset, if at all."""
    *above, line = (replace(line, fitted=None) for line in recipe.lines[:number])
    return recipe.edited([*above, replace(line, over="dataset") if line.spec.measure is not None else line])


def at_line(
    recipe: Recipe, number: int, training: TrainingSet, others: TrainingSet, tell: Tell = lambda _: None
) -> AtLine:
    """Line `number` of `recipe`, counted from 1, on the scans of `training` and on `others`, which are not measured.

    The lines above stand as they are; those over the dataset are fitted on `training`.

    Parameters
    ----------
    tell : callable
        Called after each scan.

    Raises
    ------
    StepError
        When a line cannot be fitted, or has no answer for any scan.
    """
    fitted = fit(over_dataset(recipe, number), training, tell)
    line = fitted.lines[-1]
    probes = pooled(fitted.lines, training, tell).values if has_probes(line) else None
    firsts = list(_each(FirstLook(fitted.lines), (training, others), tell, "numbers of each scan"))
    seen = [first for first in firsts if not first.complaint]
    if not seen:
        raise ValueError(firsts[0].complaint if firsts else "there are no scans")
    axes = _axes(seen)
    second = SecondLook(fitted.lines, axes, frozenset(first.name for first in firsts if first.complaint))
    shares = dict(_each(second, (training, others), tell, "histograms"))
    return AtLine(
        line,
        tuple(_at_scan(line, first, probes) for first in firsts),
        probes,
        {stage: _overlaid(shares, stage, 0, axis[0]) for stage, axis in axes.items()},
        {stage: _overlaid(shares, stage, 1, axis[1]) for stage, axis in axes.items() if len(axis) > 1},
        seen[0].units[TOGETHER],
    )


def _each(work: Callable[[Scan], Answer], sets: Sequence[TrainingSet], tell: Tell, what: str) -> Iterator[Answer]:
    answers = (answer for scans in sets for answer in scans.each(work))
    for i, answer in enumerate(answers, start=1):
        yield answer
        tell(Progress(what, i))


def _axes(seen: Sequence[First]) -> dict[str, tuple[Axis, ...]]:
    """By stage, the linear axis that holds all scans, and the one in dB where it makes sense."""
    axes: dict[str, tuple[Axis, ...]] = {}
    for stage in (BEFORE, ALONE, TOGETHER):
        at_stage = [first for first in seen if stage in first.ends]
        if at_stage:
            ends = [first.ends[stage] for first in at_stage]
            in_db = decibel_axis(ends)
            axes[stage] = (linear_axis(ends, at_stage[0].units[stage]), *([in_db] if in_db else []))
    return axes


def _overlaid(shares: Mapping[str, Shares], stage: str, which: int, axis: Axis) -> Overlaid:
    return Overlaid(axis, {name: of_scan[stage][which] for name, of_scan in shares.items() if stage in of_scan})


def _at_scan(line: Line, first: First, probes: NDArray[np.float64] | None) -> AtScan:
    values, ranks = (_places(line, first, given) for given in (probes, first.percentiles))
    return AtScan(first.name, first.alone, first.together, values, ranks, first.not_alone, first.complaint)


def _places(line: Line, first: First, values: NDArray[np.float64] | None) -> Places | None:
    if values is None or first.alone is None:
        return None
    return Places(*(outputs(line, numbers, first.form, values) for numbers in (first.alone, first.together)))
