"""Zarr and OME-Zarr, a part at a time: chunks are unpacked as they are needed."""

import math
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.answers import Answers, in_order, order_of
from prep_core.io.files import File
from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import Lazy, stand_in
from prep_core.io.large.opened import Opened
from prep_core.io.limits import Limits
from prep_core.io.zarr import store, tree
from prep_core.io.zarr.array import Chunks, Survey
from prep_core.io.zarr.array import opened as chunks_of
from prep_core.scan import Scan, Source

CHUNKS = 10_000_000
REMEMBERED = 2**28
"""Bytes of unpacked files that are kept."""


def opened(files: list[File], answers: Answers, limits: Limits) -> Opened:
    """The one picture in a store, as `zarr.store.read` reads it."""
    opened_store = tree.opened(files, limits)
    array, image = store.chosen(opened_store, answers.part)
    chunks = chunks_of(array, opened_store.files, limits, CHUNKS)
    numbers = _array(chunks)
    axes = store.stored_axes(array, image, numbers.stand_in, answers)
    _, order = in_order(numbers.stand_in, axes)
    pixels = numbers.transposed(order_of(axes))
    line = store.packing(array)
    kind, change = pixels.scaling(*line)
    converted = () if line == (1, 0) else (store.packing_words(array.dtype, kind, *line),)

    def described(_: int) -> Scan:
        survey = Survey()
        for at in chunks.grid.cells:
            survey.add(chunks, at, chunks.packed(at))
        source = Source(
            survey.sha256(chunks),
            "Zarr",
            store.READER,
            store.facts_of(array),
            store.missing_words(survey.absent(chunks)),
            converted,
        )
        scan = Scan(stand_in(pixels.shape, kind), order, source=source)
        return store.described(scan, opened_store, array, image, answers)

    return Opened(pixels, kind, change, described)


def _array(chunks: Chunks) -> Lazy:
    grid, dtype = chunks.grid, chunks.array.dtype.newbyteorder("=")
    size = math.prod(grid.cell) * dtype.itemsize

    @lru_cache(max(REMEMBERED // size, 1))
    def cell(at: tuple[int, ...]) -> NDArray[Any]:
        region = grid.region(at)
        data = chunks.packed(at)
        if data is not None:
            chunks.check(at, data)
        out = np.empty([s.stop - s.start for s in region], dtype)
        chunks.unpack(at, data, region, out)
        return out

    def read(region: Region) -> NDArray[Any]:
        out = np.empty([s.stop - s.start for s in region], dtype)
        ranges = (range(s.start // step, -(-s.stop // step)) for s, step in zip(region, grid.cell, strict=True))
        for at in product(*ranges):
            there, own = _shared(region, grid.region(at))
            out[there] = cell(at)[own]
        return out

    grain = tuple(min(step, n) for step, n in zip(grid.cell, grid.shape, strict=True))
    return Lazy(grid.shape, dtype, grain, read)


def _shared(one: Region, other: Region) -> tuple[Region, Region]:
    """Where two regions overlap, as places in the one and in the other."""
    spans = [(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, other, strict=True)]
    first, second = (
        tuple(slice(start - s.start, stop - s.start) for (start, stop), s in zip(spans, region, strict=True))
        for region in (one, other)
    )
    return first, second
