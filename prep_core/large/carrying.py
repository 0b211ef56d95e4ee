"""Lines whose numbers are known, carried out on one block of a large scan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from prep_core.carrying_out import carried_out
from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import stand_in
from prep_core.large.needs import Arranged
from prep_core.line import Line
from prep_core.measuring import Measured, cut, spread
from prep_core.running import named
from prep_core.scan import Scan


@dataclass(frozen=True)
class Known:
    """A line with its numbers.

    Attributes
    ----------
    before : Scan
        The outline of the whole scan as the line is given it.
    threshold : float or None
        Above it lies the foreground of that scan, where the line works inside it.
    """

    line: Line
    measured: Measured
    before: Scan
    threshold: float | None = None


@dataclass(frozen=True)
class Step:
    """A block before and after a line, without the rows around it; `around` is the result with those still needed."""

    before: Scan
    after: Scan
    around: Scan


def through(known: Sequence[Known], blocks: Arranged, region: Region, scan: Scan) -> Iterator[Step]:
    """Carry out lines on `scan`, the block at `region` with its halo, yielding after every line.

    Rows at the cut of a block, to which a line gives other values than in the whole scan, are dropped at once.

    Raises
    ------
    StepError
        When a line has no answer for these voxels.
    """
    around = blocks.layout.halo
    for i, one in enumerate(known):
        with named(i + 1, one.line):
            result = _carried(one, scan, blocks.place(region, around))
        left = around - blocks.used[i]
        after = between(blocks, region, result, around, left)
        yield Step(between(blocks, region, scan, around, 0), between(blocks, region, after, left, 0), after)
        around, scan = left, after


def between(blocks: Arranged, region: Region, scan: Scan, around: int, left: int) -> Scan:
    """The block `scan`, which has `around` rows around it, with `left` of them."""
    old, new = blocks.rows(region, around), blocks.rows(region, left)
    if old == new:
        return scan
    rows = slice(new.start - old.start, new.stop - old.start)
    mask = None if scan.mask is None else scan.mask[..., rows, :]
    return replace(scan, data=scan.data[..., rows, :], valid=scan.valid[..., rows, :], mask=mask)


def outline_of(part: Scan, full: Scan, blocks: Arranged) -> Scan:
    """The whole scan of which `part` is a block after some lines: what they say of it, without its voxels."""
    shape = [full.size(axis) if blocks.divides(axis) else part.size(axis) for axis in part.axes]
    everywhere = np.broadcast_to(np.bool_(True), shape)
    return replace(
        part,
        data=stand_in(shape, part.data.dtype),
        valid=everywhere,
        mask=None if part.mask is None else everywhere,
        channels=full.channels if blocks.divides("C") else part.channels,
    )


def with_foreground(one: Known, scan: Scan) -> tuple[Line, Scan]:
    """Line and scan, with the foreground of the whole scan as their mask where the line works inside it."""
    if one.threshold is None:
        return one.line, scan
    return replace(one.line, inside="mask"), replace(scan, mask=scan.data > one.threshold)


def _carried(one: Known, scan: Scan, place: Mapping[str, slice]) -> Scan:
    numbers = spread(one.line, one.measured, one.before)
    region = [place.get(axis, slice(None)) for axis in one.before.axes]
    own = {name: cut(values, region) for name, values in numbers.items()}
    if one.threshold is None or "inside" not in one.line.spec.asks:
        return carried_out(one.line, own, scan)
    line, seen = with_foreground(one, scan)
    # The foreground is a mask for this line alone.
    return replace(carried_out(line, own, seen), mask=scan.mask)
