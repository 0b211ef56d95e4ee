"""A large scan with some of its rows and columns left out, for what need not see every voxel."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from prep_core.io import LargeScan
from prep_core.io.large.layout import Region, blocks
from prep_core.line import Line
from prep_core.scan import Scan

MOST = 2**22
"""Voxels of a thinned copy."""


def thinned(large: LargeScan, lines: Sequence[Line], most: int = MOST) -> Scan:
    """Every k-th row and column of `large`, with the smallest k that leaves at most `most` voxels.

    Frames, channels and slices all stay, so that lines measured for each of them fit; but for lines with a number for
    each pixel, which need all pixels: for them every k-th frame.  The voxel size stays that of the scan.
    """
    outline, size = large.outline, large.outline.data.size
    if any(line.per == "pixel" for line in lines):
        steps = {"T": math.ceil(size / most)}
    else:
        k = math.ceil(math.sqrt(size / most))
        steps = {"Y": k, "X": k}
    every = tuple(steps.get(axis, 1) for axis in outline.axes)
    shape = [len(range(0, n, step)) for n, step in zip(outline.data.shape, every, strict=True)]
    data, valid = np.empty(shape, outline.data.dtype), np.empty(shape, bool)
    for region in blocks_of(large):
        part = large.read(region)
        starts = [-s.start % step for s, step in zip(region, every, strict=True)]
        own = tuple(slice(start, None, step) for start, step in zip(starts, every, strict=True))
        there = tuple(_place(s, step) for s, step in zip(region, every, strict=True))
        data[there], valid[there] = part.data[own], part.valid[own]
    return replace(outline, data=data, valid=valid)


def blocks_of(large: LargeScan) -> Iterator[Region]:
    """Regions of a usual size that cover a scan."""
    return blocks(large.outline.data.shape, large.grain)


def _place(part: slice, step: int) -> slice:
    """Where the kept indices of `part` come to lie."""
    return slice(-(-part.start // step), -(-part.stop // step))
