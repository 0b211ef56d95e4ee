"""A recipe on a scan, when only the end is wanted: lines on the way leave no volumes of their own.

The bytes are those of `run_lines`, which keeps what every line gave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import is_pointwise
from prep_core.chain import Link, through
from prep_core.line import Line
from prep_core.measuring import measured, spread
from prep_core.running import Done, LineTold, StepError, named, run_line, run_lines
from prep_core.scan import Scan


@dataclass(frozen=True)
class End:
    """What a recipe made of a scan.

    Attributes
    ----------
    scan : after the last line
    lines : with their numbers; of their scans only the last has voxels
    """

    scan: Scan
    lines: tuple[Done, ...]


def run_together(
    lines: Sequence[Line],
    scan: Scan,
    first: int = 1,
    counted: bool = True,
    told: LineTold = lambda n, done, of: None,
) -> End:
    """Carry out `lines`, of which `first` is the number of the first.

    Parameters
    ----------
    counted : bool
        Whether the tallies of the lines are wanted.

    Raises
    ------
    StepError
        As `run_lines`.
    """
    try:
        return _together(list(enumerate(lines, start=first)), scan, counted, told)
    except StepError as error:
        refused = error
    # Of a block, perhaps: with the whole scan in view the sentence counts all voxels that have no answer.
    for _ in run_lines(lines[: refused.line - first + 1], scan, first=first, told=told):
        pass
    raise refused


def _together(numbered: Sequence[tuple[int, Line]], scan: Scan, counted: bool, told: LineTold) -> End:
    done: list[Done] = []
    out: NDArray[np.float32] | None = None
    while numbered:
        chained = _chained([line for _, line in numbered], scan)
        if chained:
            out = np.empty(scan.data.shape, np.float32) if out is None else out
            now = list(_through(numbered[:chained], scan, out, counted, told))
        else:
            (number, line), out = numbered[0], None
            told(number, 0, 0)
            with named(number, line):
                now = [run_line(line, scan, told=partial(told, number))]
        done += now
        scan = now[-1].scan
        # Their voxels are let go as soon as nothing needs them.
        done[:-1] = [without_voxels(one) for one in done[:-1]]
        numbered = numbered[chained or 1 :]
    return End(scan, tuple(done))


def _chained(lines: Sequence[Line], scan: Scan) -> int:
    """How many of `lines`, from the first on, go over the voxels once: no line below the first measures them."""
    if np.iscomplexobj(scan.data):
        return 0
    count = 0
    while count < len(lines) and is_pointwise(lines[count]) and not (count and lines[count].measures):
        count += 1
    return count


def _through(
    numbered: Sequence[tuple[int, Line]], scan: Scan, out: NDArray[np.float32], counted: bool, told: LineTold
) -> Iterator[Done]:
    """Carry `scan` into `out`, and say what became of each line; they have the voxels of the last."""
    chain, numbers = [], []
    for number, line in numbered:
        told(number, 0, 0)
        with named(number, line):
            numbers.append(measured(line, scan))
            chain.append(Link(number, line, spread(line, numbers[-1], scan)))
    tallies = through(chain, scan, out, counted, partial(told, numbered[-1][0]))
    for (_, line), own, tally in zip(numbered, numbers, tallies, strict=True):
        inverted = scan.display_inverted and not line.spec.turns_display
        unit = line.spec.unit_after(line.params, scan.unit)
        scan = replace(scan, data=out, unit=unit, display_inverted=inverted)
        yield Done(line, own, scan, tally.plain())


def without_voxels(done: Done) -> Done:
    """`done`, with one voxel for all in its scan; which of them are valid stays."""
    scan = done.scan
    return replace(done, scan=replace(scan, data=np.broadcast_to(np.zeros((), scan.data.dtype), scan.data.shape)))
