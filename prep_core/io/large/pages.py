"""The strips and tiles of the pages of a TIFF, decoded one by one."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import decoding
from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import Lazy
from prep_core.io.names import shown

REMEMBERED = 2**28
"""Bytes of decoded pieces that are kept: the rows around a block lie in pieces of the blocks before and after it."""

Piece = Callable[[int, int], NDArray[Any]]


@dataclass(frozen=True)
class _Grid:
    """A page as its decoder sees it: planar samples, depth, rows, columns, interleaved samples; and its pieces."""

    shape: tuple[int, ...]
    piece: tuple[int, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(-(-n // step) for n, step in zip(self.shape, self.piece, strict=True))

    def touched(self, region: Region) -> Iterator[tuple[int, tuple[slice, ...], tuple[slice, ...]]]:
        """The number of each piece that has some of `region`, and where that lies in the region and in the piece."""
        ranges = (range(s.start // step, -(-s.stop // step)) for s, step in zip(region, self.piece, strict=True))
        for at in product(*ranges):
            starts = [i * step for i, step in zip(at, self.piece, strict=True)]
            spans = [
                (max(s.start, start), min(s.stop, start + step))
                for s, start, step in zip(region, starts, self.piece, strict=True)
            ]
            there = tuple(slice(a - s.start, b - s.start) for (a, b), s in zip(spans, region, strict=True))
            own = tuple(slice(a - start, b - start) for (a, b), start in zip(spans, starts, strict=True))
            yield int(np.ravel_multi_index(at, self.counts)), there, own


def paged(path: Path, series: Any) -> Lazy | None:
    """The array of a series; None where its pages do not simply follow one another."""
    page, shape = series.keyframe, tuple(series.shape)
    outer = shape[: len(shape) - len(page.shape)]
    if shape[len(outer) :] != tuple(page.shape) or math.prod(outer) != len(series.pages):
        return None
    grid = _grid(page)
    dtype = np.dtype(series.dtype).newbyteorder("=")
    piece = _pieces(path, list(series.pages), math.prod(grid.piece) * dtype.itemsize)

    def read_page(number: int, region: Region) -> NDArray[Any]:
        out = np.empty([s.stop - s.start for s in region], dtype)
        # A damaged file has fewer strips than its size asks for, or smaller ones.
        with decoding(shown(path.name), "a strip or tile of a TIFF"):
            for index, there, own in grid.touched(region):
                out[there] = piece(number, index)[own[1:]]
        return out

    def of_page(number: int) -> Lazy:
        return Lazy(grid.shape, dtype, grid.piece, lambda region: read_page(number, region)).reshaped(page.shape)

    def read(region: Region) -> NDArray[Any]:
        out = np.empty([s.stop - s.start for s in region], dtype)
        for at in np.ndindex(out.shape[: len(outer)]):
            place = tuple(i + s.start for i, s in zip(at, region, strict=False))
            number = int(np.ravel_multi_index(place, outer)) if outer else 0
            out[at] = of_page(number).read(region[len(outer) :])
        return out

    return Lazy(shape, dtype, (*(1 for _ in outer), *of_page(0).grain), read)


def _grid(page: Any) -> _Grid:
    planar, depth, rows, columns, samples = page.shaped
    tiled = (page.tiledepth or 1, page.tilelength, page.tilewidth)
    strip = (1, min(page.rowsperstrip, rows), columns)
    return _Grid((planar, depth, rows, columns, samples), (1, *(tiled if page.is_tiled else strip), samples))


def _pieces(path: Path, pages: Sequence[Any], size: int) -> Piece:
    """What decodes one strip or tile, and remembers the last of them."""
    keyframe = pages[0].keyframe
    tables = {"jpegtables": keyframe.jpegtables, "jpegheader": keyframe.jpegheader} if _is_jpeg(keyframe) else {}
    places = [(page.dataoffsets, page.databytecounts) for page in pages]
    decode = keyframe.decode

    @lru_cache(max(REMEMBERED // size, 1))
    def piece(number: int, index: int) -> NDArray[Any]:
        offsets, counts = places[number]
        with path.open("rb") as stream:
            stream.seek(offsets[index])
            packed = stream.read(counts[index])
        numbers, _, lengths = decode(packed, index, _fullsize=False, **tables)
        decoded: NDArray[Any] = numbers[tuple(slice(n) for n in lengths)]
        return decoded

    return piece


def _is_jpeg(page: Any) -> bool:
    # As tifffile chooses the codecs that it gives tables to.
    return int(page.compression) in (6, 7, 34892, 33007)
