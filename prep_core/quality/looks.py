"""What is looked at in each scan of a set, for one line: its numbers, where its values lie, and how they are spread."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import carried_out
from prep_core.line import Line
from prep_core.measuring import Measured, measured, spread
from prep_core.quality.overlaid import Axis, Ends, ends_of, shares_on
from prep_core.quality.probing import Form, has_probes, pooled
from prep_core.running import named, run_lines
from prep_core.scan import Scan
from prep_core.training_set import InMemory

BEFORE, ALONE, TOGETHER = "before", "alone", "together"
"""The values that reach a line; after it with numbers of each scan alone; after it with those of the training set."""

Shares = Mapping[str, Sequence[NDArray[np.float64]]]
"""By stage, the histogram of a scan on each axis."""


@dataclass(frozen=True)
class First:
    """What the first look at a scan finds; with a complaint, nothing else.

    Attributes
    ----------
    alone, together : the numbers of the line, measured on this scan, and those of the training set
    ends, units : by stage, where the values lie, and their unit
    percentiles : (parts, probes) of what the line measures in this scan; None where nothing can be followed
    not_alone : why there are no numbers of this scan alone, while those of the training set have an answer
    """

    name: str
    form: Form = field(default_factory=Form)
    alone: Measured | None = None
    together: Measured = field(default_factory=Measured)
    ends: Mapping[str, Ends] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    percentiles: NDArray[np.float64] | None = None
    not_alone: str = ""
    complaint: str = ""


@dataclass(frozen=True)
class FirstLook:
    """Measures the last of `lines` on a scan, and finds where its values lie, before and after."""

    lines: tuple[Line, ...]

    def __call__(self, scan: Scan) -> First:
        try:
            with named(len(self.lines), self.lines[-1]):
                return self._seen(scan)
        except ValueError as fault:
            return First(scan.name, complaint=str(fault))

    def _seen(self, scan: Scan) -> First:
        seen = _seen(self.lines, scan)
        line, reaching = self.lines[-1], seen.stages[BEFORE]
        return First(
            scan.name,
            Form.of(reaching),
            seen.alone,
            seen.together,
            {stage: ends_of(values) for stage, values in seen.stages.items()},
            {stage: values.unit for stage, values in seen.stages.items()},
            pooled([line], InMemory([reaching])).values if has_probes(line) else None,
            seen.not_alone,
        )


@dataclass(frozen=True)
class SecondLook:
    """The shares of the voxels of a scan in the bins of the axes of each stage; none for those named in `without`."""

    lines: tuple[Line, ...]
    axes: Mapping[str, Sequence[Axis]]
    without: Set[str]

    def __call__(self, scan: Scan) -> tuple[str, Shares]:
        if scan.name in self.without:
            return scan.name, {}
        stages = _seen(self.lines, scan).stages.items()
        return scan.name, {k: [shares_on(axis, values) for axis in self.axes[k]] for k, values in stages}


@dataclass(frozen=True)
class _Seen:
    """The values of a scan at each stage, and the numbers that they come from."""

    alone: Measured | None
    together: Measured
    stages: Mapping[str, Scan]
    not_alone: str


def _seen(lines: Sequence[Line], scan: Scan) -> _Seen:
    line = lines[-1]
    for done in run_lines(lines[:-1], scan):
        scan = done.scan
    together = measured(line, scan)
    stages = {BEFORE: scan, TOGETHER: carried_out(line, spread(line, together, scan), scan)}
    if line.spec.measure is None:
        return _Seen(None, together, stages, "")
    try:
        alone = measured(replace(line, fitted=None), scan, alone=True)
        after = carried_out(line, spread(line, alone, scan), scan)
    except ValueError as fault:  # a constant scan, or an image of spreads of one scan: only the set has numbers
        return _Seen(None, together, stages, str(fault))
    return _Seen(alone, together, {**stages, ALONE: after}, "")
