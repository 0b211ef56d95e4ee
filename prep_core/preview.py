"""One plane of the result, with the numbers of the whole scan: equal, bit for bit, to the same plane of `apply`.

Numbers are measured on the whole scan first.  Pointwise and plane lines are then carried out on the plane alone.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace

from prep_core.flow import Flow, of_whole
from prep_core.line import Line, digest, measuring_digest
from prep_core.measuring import Measured, cut, measured, spread
from prep_core.remembering import Remembered
from prep_core.running import Done, LineTold, done_with, named, run_lines
from prep_core.scan import Scan


@dataclass(frozen=True)
class Plan:
    """Lines whose numbers are known, ready for any plane of `scan`."""

    lines: tuple[Line, ...]
    measured: tuple[Measured, ...]
    scan: Scan


def whole_lines(lines: Sequence[Line]) -> int:
    """How many lines, from the top, must run over the whole scan: up to the last that looks beyond its plane."""
    return max((i for i, line in enumerate(lines, start=1) if line.spec.looks_beyond(line.params)), default=0)


def resolve(
    lines: Sequence[Line],
    scan: Scan,
    known: MutableMapping[str, Measured],
    first: int = 1,
    told: LineTold = lambda n, done, of: None,
    remembered: Remembered | None = None,
) -> Plan:
    """Measure on `scan` every number that `lines` need.

    Parameters
    ----------
    lines : sequence of Line
        Without lines that look beyond their plane (`whole_lines`).  A line that waits for its training set is measured
        on this scan, as if it were the whole set.
    known : mutable mapping
        Numbers measured on this scan before, by `measuring_digest` of the lines down to theirs; new ones are added.
    first : int
        What the complaints call the first of `lines`.
    told : callable
        Told how far it is; it may raise to stop there.
    remembered : Remembered, optional
        What was counted on this scan before; new counts are added.

    Raises
    ------
    StepError
        As `apply`.
    """
    keys = [measuring_digest(lines[: i + 1]) for i in range(len(lines))]
    unknown = [i for i, line in enumerate(lines) if (line.measures or line.needs_fit) and keys[i] not in known]
    flow = Flow(scan, False, told, _entering(remembered, ()))
    with of_whole(lines, scan, True, first, told):
        for i in range(max(unknown, default=-1) + 1):
            told(first + i, 0, 0)
            with named(first + i, lines[i]):
                if i in unknown:
                    known[keys[i]] = flow.measured(lines[i], alone=True, remembered=_entering(remembered, lines[:i]))
                if i < unknown[-1]:
                    flow.add(first + i, lines[i], _of(lines[i], known, keys[i], scan))
    return Plan(tuple(lines), tuple(_of(line, known, key, scan) for line, key in zip(lines, keys, strict=True)), scan)


def preview(plan: Plan, at: Mapping[str, int], first: int = 1) -> Iterator[Done]:
    """Carry out the lines on the plane at the given indices of T, C and Z, yielding after every line.

    Raises
    ------
    StepError
        As `apply`.
    """
    scan = plan.scan.take(at)
    region = [slice(at[axis], at[axis] + 1) if axis in at else slice(None) for axis in plan.scan.axes]
    for i, (line, measurement) in enumerate(zip(plan.lines, plan.measured, strict=True), start=first):
        with named(i, line):
            numbers = spread(line, measurement, plan.scan)
            own = {name: cut(values, region) for name, values in numbers.items()}
            done = done_with(line, measurement, own, scan)
        yield done
        scan = done.scan


def whole(
    lines: Sequence[Line], scan: Scan, first: int = 1, told: LineTold = lambda n, done, of: None
) -> Iterator[Done]:
    """Carry out lines that look beyond their plane, with those above them, on the whole scan, one at a time.

    Raises
    ------
    StepError
        As `apply`.
    """
    return run_lines(lines, scan, alone=True, first=first, told=told)


def same_place(index: int, size: int, new_size: int) -> int:
    """The index whose centre lies nearest, in a grid of the same extent."""
    return min(int((index + 0.5) * new_size / size), new_size - 1)


def _entering(remembered: Remembered | None, above: Sequence[Line]) -> Remembered | None:
    return remembered and replace(remembered, name=f"{remembered.name} {digest(above)}")


def _of(line: Line, known: Mapping[str, Measured], key: str, scan: Scan) -> Measured:
    return known[key] if line.measures or line.needs_fit else measured(line, scan)
