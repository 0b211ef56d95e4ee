"""A scan on its way through lines, carried on only as far as something looks at its voxels.

Pointwise lines wait until there is a line that measures what they give, or looks around: then the voxels go through all
of them at once, block by block, into one volume that later lines write over.  Where the scan has integers of up to 16
bits a line below is measured on the table of what became of each value, without going through the voxels.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from prep_core import fused, tabled
from prep_core.carrying_out import goes_by_parts, is_pointwise, with_pixels
from prep_core.chain import Link, through
from prep_core.line import Line
from prep_core.measuring import Measured, measured, measured_counted, spread
from prep_core.memory import used_again
from prep_core.ops.image import Told
from prep_core.remembering import Remembered, first_pass
from prep_core.running import Done, LineTold, StepError, done_with, run_lines
from prep_core.scan import Scan
from prep_core.tabled import Distinct
from prep_core.tallies import Tally


class Flow:
    """A scan on its way.

    Parameters
    ----------
    counted : bool
        Whether the tallies of the lines are wanted.
    told : callable
        Told how far it is; it may raise to stop there.
    remembered : Remembered, optional
        What was counted on this scan, before the first line.

    Attributes
    ----------
    done : list of Done
        The lines that the voxels went through, with their numbers; of their scans only the last has voxels.
    """

    def __init__(self, scan: Scan, counted: bool, told: LineTold, remembered: Remembered | None = None) -> None:
        self.done: list[Done] = []
        self._scan = scan
        self._counted = counted
        self._told = told
        self._remembered = remembered
        self._waiting: list[tuple[Link, Measured]] = []
        self._out: NDArray[np.float32] | None = None

    def measured(self, line: Line, alone: bool, remembered: Remembered | None = None) -> Measured:
        """The numbers of `line`, which comes next; the rest as in `prep_core.measuring.measured`."""
        if self._waiting and (line.measures or (alone and line.needs_fit)):
            found = self._measured_on_table(line)
            if found is not None:
                return found
            self.carry()
        return measured(line, self._scan, alone, remembered)

    def add(self, number: int, line: Line, found: Measured) -> None:
        """Let `line`, whose numbers are `found`, come next."""
        if is_pointwise(line) and not np.iscomplexobj(self._scan.data):
            self._waiting.append((Link(number, line, spread(line, found, self._scan)), found))
            return
        scan = self.carry()
        into = self._into(line)
        self._keep([done_with(line, found, spread(line, found, scan), scan, partial(self._told, number), into)])
        self._out = into

    def carry(self) -> Scan:
        """The scan after all lines so far."""
        if self._waiting:
            chain = [link for link, _ in self._waiting]
            out = used_again().empty(self._scan.data.shape) if self._out is None else self._out
            tallies = self._through(chain, out)
            scan, done = self._scan, []
            for (link, found), tally in zip(self._waiting, tallies, strict=True):
                scan = with_pixels(link.line, scan, out)
                done.append(Done(link.line, found, scan, tally.plain()))
            self._keep(done)
            self._waiting, self._out = [], out
        return self._scan

    def _keep(self, done: list[Done]) -> None:
        self.done += done
        self._scan = done[-1].scan
        # Voxels are let go as soon as nothing needs them.
        self.done[:-1] = [without_voxels(one) for one in self.done[:-1]]

    def _into(self, line: Line) -> NDArray[np.float32] | None:
        """Where `line`, which is not pointwise, writes its pixels: what this flow made nobody else holds."""
        if not goes_by_parts(line):
            return None
        # A tally looks at the voxels before and after.
        fresh = self._out is None or line.spec.tally is not None
        return used_again().empty(self._scan.data.shape) if fresh else self._out

    def _through(self, chain: list[Link], out: NDArray[np.float32]) -> tuple[Tally, ...]:
        told = partial(self._told, chain[-1].number)
        if not (self._counted and any(link.line.spec.tally for link in chain)):
            if self._fused(chain, out, told):
                return tuple(Tally(link.line) for link in chain)
            if len(chain) > 1 and self._has_table(chain):
                tabled.spread_out(tabled.through(chain, self._distinct), self._distinct, self._scan, out)
                return tuple(Tally(link.line) for link in chain)
        return through(chain, self._scan, out, self._counted, told)

    def _fused(self, chain: list[Link], out: NDArray[np.float32], told: Told) -> bool:
        over_itself = np.may_share_memory(self._scan.data, out)
        operations = () if over_itself and not self._scan.all_valid else fused.operations(chain, self._scan)
        return bool(operations) and fused.through(operations, chain, self._scan, out, told)

    def _measured_on_table(self, line: Line) -> Measured | None:
        chain = [link for link, _ in self._waiting]
        if not self._has_table(chain):
            return None
        results = tabled.through(chain, self._distinct)
        return measured_counted(line, self._scan, results, self._distinct.counts)

    def _has_table(self, chain: list[Link]) -> bool:
        return not self.done and tabled.can_be_tabled(self._scan) and tabled.fit(chain, self._scan)

    @cached_property
    def _distinct(self) -> Distinct:
        counted = self._remembered.all_counted(self._scan) if self._remembered else first_pass(self._scan)
        return tabled.distinct(self._scan, counted)


@contextmanager
def of_whole(lines: Sequence[Line], scan: Scan, alone: bool, first: int, told: LineTold) -> Iterator[None]:
    """Let complaints inside be those of `run_lines`: a block does not know of how many voxels it speaks."""
    try:
        yield
    except StepError as error:
        for _ in run_lines(lines[: error.line - first + 1], scan, alone, first, told):
            pass
        raise


def without_voxels(done: Done) -> Done:
    """`done`, with one voxel for all in its scan; which of them are valid stays."""
    scan = done.scan
    return replace(done, scan=replace(scan, data=np.broadcast_to(np.zeros((), scan.data.dtype), scan.data.shape)))
