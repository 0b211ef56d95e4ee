"""Carries out lines for one plane, away from the screen: it may run in any thread.

Lines that look beyond their plane run on the whole scan first.  What each of them gave is kept, so that a change below
them, or another slice, does not run them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from prep_core.line import Line, digest
from prep_core.measuring import Measured
from prep_core.memory import owner_of
from prep_core.preview import Plan, preview, resolve, same_place, whole, whole_lines
from prep_core.remembering import Remembered
from prep_core.running import Done, LineTold, StepError
from prep_core.scan import Scan
from prep_ui.tune.timing import Timed, timed
from prep_ui.work.job import Stage, Tell
from prep_ui.work.results import Results

MOST_KNOWN = 1000
"""Sets of numbers to remember; every place of a slider makes new ones for the lines below."""

Known = dict[str, dict[str, Measured]]
"""By the digest of the lines that run over the whole scan, and of those down to theirs: numbers measured before."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """Lines that are ready for any plane: the numbers of all are known, and the whole scan is through those above.

    Attributes
    ----------
    whole : what the lines gave that ran on the whole scan
    plan : the lines below
    error : why the lines below `plan` have no answer
    """

    whole: tuple[Timed, ...]
    plan: Plan
    error: StepError | None


@dataclass(frozen=True, eq=False)
class OnPlane:
    """What each line gave on a plane, down to the one that has no answer; the first `whole` ran on the whole scan."""

    done: tuple[Timed, ...]
    error: StepError | None
    whole: int


def prepared(identity: str, scan: Scan, lines: Sequence[Line], known: Known, results: Results, tell: Tell) -> Prepared:
    """Run on the whole of the scan called `identity` what must be, and measure the numbers of the other lines.

    `known` and `results` hold what was measured and computed before, and get what is new.
    """
    error = None
    while True:
        try:
            return _prepared(identity, scan, lines, known, results, telling(lines, tell), error)
        except StepError as fault:
            error = error or fault
            lines = lines[: fault.line - 1]


def on_plane(ready: Prepared, scan: Scan, at: Mapping[str, int]) -> OnPlane:
    """Each line on the plane of `scan` at the given indices of T, C and Z."""
    there = nearest(at, scan, ready.plan.scan)
    found, error = [cut(timed_line, there) for timed_line in ready.whole], ready.error
    try:
        found.extend(timed(preview(ready.plan, there, first=len(ready.whole) + 1)))
    except StepError as fault:
        error = fault
    return OnPlane(tuple(map(_alone, found)), error, len(ready.whole))


def whole_so_far(identity: str, lines: Sequence[Line], results: Results) -> tuple[Timed, ...]:
    """What is known of the lines that run on the whole scan, from the top down to the first that is not."""
    found = []
    for i in range(1, whole_lines(lines) + 1):
        timed_line = results.get(_name(identity, lines[:i]))
        if timed_line is None:
            break
        found.append(timed_line)
    return tuple(found)


def nearest(at: Mapping[str, int], scan: Scan, other: Scan) -> dict[str, int]:
    """The indices in `other`, a grid of the same extent as `scan`, whose centres lie nearest."""
    return {axis: same_place(i, scan.size(axis), other.size(axis)) for axis, i in at.items()}


def cut(timed_line: Timed, at: Mapping[str, int]) -> Timed:
    """The plane of what a line gave on the whole scan."""
    done: Done = timed_line.done
    within = {axis: min(i, done.scan.size(axis) - 1) for axis, i in at.items()}
    return replace(timed_line, done=replace(done, scan=done.scan.take(within)))


def _alone(timed_line: Timed) -> Timed:
    """A line on a plane whose arrays are no views: what is kept for a plane must not keep a volume in memory."""
    scan = timed_line.done.scan
    mask = None if scan.mask is None else _own(scan.mask)
    own = replace(scan, data=_own(scan.data), valid=_own(scan.valid), mask=mask)
    return replace(timed_line, done=replace(timed_line.done, scan=own))


def _own(array: NDArray[Any]) -> NDArray[Any]:
    return array.copy() if owner_of(array).nbytes > array.nbytes else array


def _prepared(
    identity: str,
    scan: Scan,
    lines: Sequence[Line],
    known: Known,
    results: Results,
    told: LineTold,
    error: StepError | None,
) -> Prepared:
    count = whole_lines(lines)
    heavy = _whole(identity, scan, lines[:count], results, told)
    base = heavy[-1].done.scan if heavy else scan
    before = known.get(digest(lines[:count]), {})
    # A copy: another thread may look at the same numbers.
    numbers = dict(before) if len(before) <= MOST_KNOWN else {}
    counts = Remembered(results, f"counts:{identity} {digest(lines[:count])}")
    plan = resolve(lines[count:], base, numbers, first=count + 1, told=told, remembered=counts)
    known[digest(lines[:count])] = numbers
    return Prepared(heavy, plan, error)


def _whole(identity: str, scan: Scan, lines: Sequence[Line], results: Results, told: LineTold) -> tuple[Timed, ...]:
    found = list(whole_so_far(identity, lines, results))
    base = found[-1].done.scan if found else scan
    for timed_line in timed(whole(lines[len(found) :], base, first=len(found) + 1, told=told)):
        found.append(timed_line)
        results.put(_name(identity, lines[: len(found)]), timed_line)
    return tuple(found)


def _name(identity: str, lines: Sequence[Line]) -> str:
    return f"whole {len(lines)}:{identity} {digest(lines)}"


def telling(lines: Sequence[Line], tell: Tell) -> LineTold:
    """`tell` for lines that say how many planes or volumes of them are done."""
    count = len(lines)

    def told(number: int, done: int, of: int) -> None:
        line = lines[number - 1]
        what = f"line {number} of {count}: {line.step}"
        if "told" in line.spec.asks and of:
            # No time is foretold: such a step ends when it converges.
            tell(Stage(f"{what}, round {done} of {of} at most", done, of))
        elif of > 1:
            tell(Stage(what, done, of, "planes" if line.spec.domain_of(line.params) == "plane" else "volumes"))
        else:
            tell(Stage(what, number - 1, count))

    return told
