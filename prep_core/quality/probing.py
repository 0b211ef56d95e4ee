"""What a measured line makes of a few given values: how far the same value moves when other numbers are measured."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.fitting import Progress
from prep_core.line import Line
from prep_core.measure import PER, Accumulator, Percentiles
from prep_core.measuring import Measured, parts_of, spread, updated
from prep_core.running import run_lines
from prep_core.scan import Scan, voxel_affine
from prep_core.training_set import TrainingSet

Tell = Callable[[Progress], None]
Counters = list[Accumulator]

PROBES: Mapping[str, float] = {"p10": 10.0, "p50": 50.0, "p90": 90.0}
"""The values that are followed: percentiles of the voxels of the training set that the line measures."""


@dataclass(frozen=True)
class Form:
    """What a scan has besides its voxels: what tells how the numbers of a line are spread over it."""

    axes: str = "YX"
    shape: tuple[int, ...] = (1, 1)
    unit: str = "a.u."
    modality: str = "OT"
    channels: tuple[str, ...] = ()

    @classmethod
    def of(cls, scan: Scan) -> "Form":
        return cls(scan.axes, scan.data.shape, scan.unit, scan.modality, scan.channels)


@dataclass(frozen=True)
class Movement:
    """Where one value comes out over several scans."""

    mean: float
    std: float
    low: float
    high: float

    @property
    def range(self) -> float:
        return self.high - self.low


def has_probes(line: Line) -> bool:
    """Whether the answer of `line` for a voxel depends on the value of that voxel and on measured numbers alone."""
    pointwise = line.spec.domain_of(line.params) == "voxel" and line.spec.gives == "pixels"
    return pointwise and line.spec.measure is not None and line.per != "pixel" and "inside" not in line.spec.asks


@dataclass(frozen=True)
class Probes:
    """Values to follow, and the form of a scan that they come from.

    Attributes
    ----------
    values : (parts, n) ndarray
        The percentiles `PROBES` of each part of the population of a line.
    """

    values: NDArray[np.float64]
    form: Form


def pooled(lines: Sequence[Line], training: TrainingSet, tell: Tell = lambda _: None) -> Probes:
    """The values that the last of `lines` measures in all scans of `training`, in two passes at most."""
    state: Counters | None = None
    while True:
        merged: Counters | None = None
        form = Form()
        for i, (portion, met) in enumerate(training.each(_Counting(tuple(lines), state)), start=1):
            merged, form = (portion, met) if merged is None else (_merged(merged, portion), form)
            tell(Progress("percentiles of the training set", i))
        if merged is None:
            raise ValueError("there are no training scans; give one of the scans this role")
        state = merged
        asked = [counter.again() for counter in state]
        if not any(asked):
            return Probes(np.array([list(counter.finish().values()) for counter in state]), form)


@dataclass(frozen=True)
class _Counting:
    """Counts what the last of `lines` measures in a scan, part by part; `state` is as the pass before left it."""

    lines: tuple[Line, ...]
    state: Counters | None

    def __call__(self, scan: Scan) -> tuple[Counters, Form]:
        line = self.lines[-1]
        for done in run_lines(self.lines[:-1], scan):
            scan = done.scan
        empty = self.state or [Percentiles(**PROBES) for _ in range(parts_of(line, scan))]
        return updated(line, deepcopy(empty), scan), Form.of(scan)


def _merged(old: Counters, new: Counters) -> Counters:
    for counter, other in zip(old, new, strict=True):
        counter.merge(other)
    return old


def outputs(line: Line, numbers: Measured, form: Form, probes: NDArray[np.float64]) -> NDArray[np.float64]:
    """What `line` makes of values in a scan of the given form.

    Parameters
    ----------
    probes : (parts, n) ndarray
        Values that reach the line, for each part of its population.

    Returns
    -------
    (parts, n) ndarray
    """
    outer = tuple(n if axis in PER[line.per] else 1 for axis, n in zip(form.axes[:-2], form.shape[:-2], strict=True))
    data = probes.astype(np.float32).reshape(*outer, 1, probes.shape[1])
    scan = Scan(data, form.axes, voxel_affine(), unit=form.unit, modality=form.modality, channels=_names(form, outer))
    answer = carried_out(line, spread(line, numbers, scan), scan).data
    return answer.astype(np.float64).reshape(probes.shape)


def movement(places: Sequence[float]) -> Movement:
    """Mean, standard deviation (ddof 0) and ends of where a value comes out."""
    values = np.array(places, np.float64)
    return Movement(float(values.mean()), float(values.std()), float(values.min()), float(values.max()))


def most_moved(places: Sequence[NDArray[np.float64]]) -> int:
    """The part, from 0, in which a value moves most between scans; `places` are those of `outputs`."""
    return int(np.argmax(np.std(np.stack(places), axis=0).max(axis=1)))


def _names(form: Form, outer: tuple[int, ...]) -> tuple[str, ...]:
    whole = "C" in form.axes and outer[form.axes.index("C")] == len(form.channels)
    return form.channels if whole else ()
