"""The first stage of a line: look at voxels, and answer with plain numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from prep_core.measure import Accumulator, groups, split_sizes
from prep_core.recipe import Line, Number
from prep_core.scan import Scan


@dataclass(frozen=True)
class Measured:
    """Numbers of one line, and how many voxels they come from."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    voxels: int = 0


def measured(line: Line, scan: Scan) -> Measured:
    """First stage: the numbers of `line`, fitted or measured on `scan`."""
    if line.spec.measure is None:
        return Measured()
    if line.fitted:
        return Measured(line.fitted.numbers, line.fitted.voxels)
    if line.needs_fit:
        raise ValueError("is measured over a dataset; fit the recipe on the training scans first")
    accumulators = [line.spec.accumulator(line.params) for _ in range(parts_of(line, scan))]
    return finished(line, accumulators, lambda: [scan])


def finished(line: Line, accumulators: list[Accumulator], scans: Callable[[], Iterable[Scan]]) -> Measured:
    """The numbers of one set of accumulators for each part, after as many passes over the scans as they ask for.

    Raises
    ------
    ValueError
        For a population that is empty or that the step cannot use.
    """
    while True:
        for scan in scans():
            _take(line, scan, accumulators)
        asked = [accumulator.again() for accumulator in accumulators]
        if not any(asked):
            break
    answers = [accumulator.finish() for accumulator in accumulators]
    for part, answer in enumerate(answers, start=1):
        if line.spec.check and (complaint := line.spec.check(answer)):
            raise ValueError(f"{complaint} ({_population(line, part, len(answers))})")
    numbers = {name: tuple(answer[name] for answer in answers) for name in answers[0]}
    voxels = sum(accumulator.count for accumulator in accumulators)
    return Measured({k: v[0] if len(v) == 1 else v for k, v in numbers.items()}, voxels)


def spread(line: Line, measurement: Measured, scan: Scan) -> dict[str, NDArray[np.float32]]:
    """The numbers as arrays that broadcast over `scan.data`."""
    sizes, parts = split_sizes(scan, line.per), parts_of(line, scan)
    arrays = {}
    for name, number in measurement.numbers.items():
        values = np.atleast_1d(np.asarray(number, dtype=np.float32))
        if values.size != parts:
            raise ValueError(f"has {name} for {values.size} parts (per {line.per}), and this scan has {parts}")
        arrays[name] = values.reshape(sizes)
    return arrays


def parts_of(line: Line, scan: Scan) -> int:
    """How many sets of numbers `line` has on `scan`."""
    return int(np.prod(split_sizes(scan, line.per)))


def refuse_complex(line: Line, scan: Scan) -> None:
    """Complain about complex values, unless the step has an answer for them."""
    if np.iscomplexobj(scan.data) and not line.spec.takes_complex:
        raise ValueError("works on real values and the scan is complex; put magnitude above it")


def _take(line: Line, scan: Scan, accumulators: list[Accumulator]) -> None:
    refuse_complex(line, scan)
    parts = parts_of(line, scan)
    if parts != len(accumulators):
        raise ValueError(
            f"is measured per {line.per}: {scan.name} has {parts} parts, the scans before it {len(accumulators)}"
        )
    for part, values in enumerate(groups(scan, line.per, line.inside), start=1):
        if not values.size:
            raise ValueError(f"has no voxels to measure ({_population(line, part, parts)})")
        accumulators[part - 1].update(values)


def _population(line: Line, part: int, parts: int) -> str:
    where = f"{line.per} {part} of {parts}, " if parts > 1 else ""
    return f"measured over {line.over}, {where}inside {line.inside}, padding excluded"
