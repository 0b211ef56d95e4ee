"""A chain of pointwise lines whose numbers are known: values go through all of them block by block, in the cache."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from threading import Event

import numpy as np
from numpy.typing import NDArray

from prep_core.carrying_out import Arrays, Mask, carried_out_pointwise
from prep_core.kernels.parts import in_parts
from prep_core.line import Line
from prep_core.measuring import cut
from prep_core.ops.image import Image, Told
from prep_core.running import named
from prep_core.scan import Scan
from prep_core.tallies import Tally

Region = tuple[slice, ...]

BLOCK = 1 << 17
"""Voxels that go through the chain together: before and after a line they fit the second-level cache."""


@dataclass(frozen=True)
class Link:
    """A line of a chain: its number in the recipe, and its numbers, which broadcast over the scan."""

    number: int
    line: Line
    numbers: Arrays


def through(
    chain: Sequence[Link], scan: Scan, out: NDArray[np.float32], counted: bool, told: Told
) -> tuple[Tally, ...]:
    """Carry `scan` through `chain` into `out`, which may be the very array of `scan`.

    Parameters
    ----------
    counted : bool
        Whether tallies are wanted.
    told : callable
        Told how many of the blocks are done; it may raise to stop there.

    Returns
    -------
    tuple of Tally
        One for each line; empty ones where none are wanted.

    Raises
    ------
    StepError
        For a block that a line has no answer for.
    """
    regions = list(blocks(scan.data.shape))
    stopped = Event()

    def strip(part: slice) -> list[Tally]:
        tallies = [Tally(link.line) for link in chain]
        try:
            for done, region in enumerate(regions[part], start=1):
                if stopped.is_set():
                    break
                out[region] = _carried(chain, scan, region, tallies if counted else ())
                if part.start == 0:
                    told(done, part.stop)
        except BaseException:
            stopped.set()
            raise
        return tallies

    first, *others = in_parts(len(regions), strip, fewest=2)
    for tallies in others:
        for tally, other in zip(first, tallies, strict=True):
            tally.merge(other)
    return tuple(first)


def blocks(shape: Sequence[int]) -> Iterator[Region]:
    """Regions that cover an array of `shape`, each of at most `BLOCK` elements, in the order of its memory."""
    inner = next((i for i in range(len(shape)) if prod(shape[i + 1 :]) <= BLOCK), 0)
    rows = max(1, BLOCK // max(1, prod(shape[inner + 1 :])))
    steps = (1,) * inner + (rows,) + tuple(max(1, size) for size in shape[inner + 1 :])
    axes = [
        [slice(i, min(i + step, size)) for i in range(0, size, step)] for size, step in zip(shape, steps, strict=True)
    ]
    return product(*axes)


def after_each(
    chain: Sequence[Link], values: Image, valid: Mask | None, region: Region = ()
) -> Iterator[NDArray[np.float32]]:
    """What each line makes of `values`, at `region` of the scan; without a region the numbers are taken whole."""
    for link in chain:
        own = {name: cut(numbers, region) for name, numbers in link.numbers.items()}
        with named(link.number, link.line):
            values = carried_out_pointwise(link.line, own, values, valid)
        yield values


def _carried(chain: Sequence[Link], scan: Scan, region: Region, tallies: Sequence[Tally]) -> NDArray[np.float32]:
    values = scan.data[region]
    valid = None if scan.all_valid else scan.valid[region]
    for i, after in enumerate(after_each(chain, values, valid, region)):
        if tallies:
            tallies[i].add(_block(scan, values, region), _block(scan, after, region))
        values = after
    return values


def _block(scan: Scan, values: NDArray[np.generic], region: Region) -> Scan:
    mask = None if scan.mask is None else scan.mask[region]
    return replace(scan, data=values, valid=scan.valid[region], mask=mask)
