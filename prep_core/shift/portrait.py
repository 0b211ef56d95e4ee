"""What the alarm looks at in one scan: the values that fitted lines are given, and what lines count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.measure import inside_mask
from prep_core.running import Done, run_lines
from prep_core.scan import Scan
from prep_core.shift.curve import PERCENTS, Curve, curve_of, rounded

LOSSES = frozenset(
    {
        "at_floor",
        "beyond_one",
        "clipped",
        "clipped_high",
        "clipped_low",
        "limited_high",
        "limited_low",
        "zero_denominators",
    }
)
"""Names in tallies under which lines count voxels whose value is lost."""


@dataclass(frozen=True, order=True)
class Given:
    """The values that a line is given: their curve, or the reason why there are none."""

    curve: Curve = ()
    voxels: int = 0
    error: str = ""


@dataclass(frozen=True, order=True)
class Kind:
    """What a scan is, without its values; `spacing` is empty where it is unknown."""

    sha256: str
    axes: str
    shape: tuple[int, ...]
    spacing: tuple[float, ...]
    unit: str
    modality: str
    channels: tuple[str, ...]
    is_complex: bool


@dataclass(frozen=True)
class Portrait:
    """One scan, as the alarm compares it.

    Attributes
    ----------
    given : by line, counted from 1; 0 is the scan as it was read
    counts : by line and name in its tally, how many voxels were counted, and how many are valid
    """

    kind: Kind
    given: Mapping[int, Given]
    counts: Mapping[tuple[int, str], tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Audit:
    """The look at each training scan once all lines are fitted."""

    lines: tuple[Line, ...]

    def __call__(self, scan: Scan) -> Portrait:
        """Raises StepError when a line has no answer for `scan`."""
        telling = [i for i, line in enumerate(self.lines, start=1) if line.fitted or line.spec.tally]
        return portrait(scan, run_lines(self.lines[: max(telling, default=0)], scan))


def portrait(scan: Scan, done: Iterable[Done], percents: Curve = PERCENTS) -> Portrait:
    """What the alarm compares of `scan`, from the lines that were carried out on it."""
    kind = kind_of(scan)
    given = {0: _given(scan, "all", percents)}
    counts: dict[tuple[int, str], tuple[int, int]] = {}
    for i, one in enumerate(done, start=1):
        if one.line.fitted:
            given[i] = _given(scan, one.line.inside, percents)
        valid = int(np.count_nonzero(scan.valid))
        counts |= {(i, name): (int(n), valid) for name, n in one.tally.items() if name in LOSSES and valid}
        scan = one.scan
    return Portrait(kind, given, counts)


def kind_of(scan: Scan) -> Kind:
    return Kind(
        scan.source.sha256,
        scan.axes,
        scan.data.shape,
        rounded(scan.spacing) if scan.spacing_known else (),
        scan.unit,
        scan.modality,
        scan.channels,
        bool(np.iscomplexobj(scan.data)),
    )


def _given(scan: Scan, inside: str, percents: Curve) -> Given:
    try:
        values = _values(scan, inside)
    except ValueError as error:
        return Given(error=str(error))
    if not values.size:
        return Given(error=f"has no voxels inside {inside}")
    return Given(curve_of(values, percents), values.size)


def _values(scan: Scan, inside: str) -> NDArray[Any]:
    """The chosen voxels as real numbers: magnitudes of complex ones."""
    if np.iscomplexobj(scan.data):
        scan = replace(scan, data=np.abs(scan.data))
    mask = inside_mask(scan, inside)
    values: NDArray[Any] = scan.data if mask is None else scan.data[mask]
    return values
