"""Dividing an array into blocks that fit into memory: bands of rows, planes, or several of them."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Region = tuple[slice, ...]

USUAL = 2**23
"""Voxels of a block: 32 MB as float32, of which a step holds several copies."""


@dataclass(frozen=True)
class Layout:
    """An array in blocks, each with `halo` rows around it where the array has them.

    Attributes
    ----------
    lengths : tuple of int
        Of a block along each axis; the last blocks are shorter.
    """

    shape: tuple[int, ...]
    lengths: tuple[int, ...]
    halo: int = 0

    def inner(self) -> Iterator[Region]:
        """Regions that cover the array, in its order, each voxel once."""
        starts = (range(0, n, step) for n, step in zip(self.shape, self.lengths, strict=True))
        for corner in itertools.product(*starts):
            ends = zip(corner, self.lengths, self.shape, strict=True)
            yield tuple(slice(at, min(at + step, n)) for at, step, n in ends)

    def around(self, region: Region) -> Region:
        """`region` with its halo of rows."""
        rows = slice(max(region[-2].start - self.halo, 0), min(region[-2].stop + self.halo, self.shape[-2]))
        return (*region[:-2], rows, region[-1])


def least(shape: Sequence[int], whole: Sequence[int], halo: int) -> int:
    """Voxels of the smallest block with the axes `whole` undivided."""
    return _voxels(shape, _smallest(shape, whole), halo)


def layout(
    shape: Sequence[int],
    grain: Sequence[int],
    whole: Sequence[int] = (),
    halo: int = 0,
    usual: int = USUAL,
    most: int | None = None,
) -> Layout:
    """Blocks of about `usual` voxels, which follow the grain where they can.

    Parameters
    ----------
    shape, grain : sequence of int
        Lengths of the array, and in what lengths it is stored; the last axes are rows and columns.
    whole : sequence of int
        Axes that are not divided; columns never are.
    halo : int
        Rows around a block that are read with it.
    most : int, optional
        Voxels that a block may have with its halo, so that the halo is not larger than what it is for.
    """
    lengths = _smallest(shape, whole)
    rows, outer = len(shape) - 2, range(len(shape) - 3, -1, -1)
    wanted = [(rows, max(2 * halo, 1), most or usual), (rows, grain[rows], usual)]
    wanted += [(axis, grain[axis], usual) for axis in outer]
    wanted += [(axis, shape[axis], usual) for axis in (rows, *outer)]
    for axis, length, room in wanted:
        lengths[axis] = max(lengths[axis], _fitting(shape, grain, lengths, axis, length, room, halo))
    return Layout(tuple(shape), tuple(lengths), halo)


def blocks(shape: Sequence[int], grain: Sequence[int]) -> Iterator[Region]:
    """Regions of about `USUAL` voxels that cover an array."""
    return layout(shape, grain).inner()


def _smallest(shape: Sequence[int], whole: Sequence[int]) -> list[int]:
    undivided = {*whole, len(shape) - 1}
    return [n if axis in undivided else 1 for axis, n in enumerate(shape)]


def _voxels(shape: Sequence[int], lengths: Sequence[int], halo: int) -> int:
    rows = min(lengths[-2] + 2 * halo, shape[-2])
    return math.prod(lengths[:-2]) * rows * lengths[-1]


def _fitting(
    shape: Sequence[int], grain: Sequence[int], lengths: Sequence[int], axis: int, length: int, room: int, halo: int
) -> int:
    """How long a block may be along `axis`, of at most `length`, to have at most `room` voxels."""
    single = [1 if i == axis else n for i, n in enumerate(lengths)]
    is_rows = axis == len(shape) - 2
    fits = room // (math.prod(single) if is_rows else _voxels(shape, single, halo))
    if is_rows and fits < shape[axis]:
        fits -= 2 * halo
    fits = min(fits, length, shape[axis])
    return fits if fits == shape[axis] or fits < grain[axis] else fits - fits % grain[axis]
