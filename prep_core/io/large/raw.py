"""A result on its way to a file: an array on the disk that is written block by block, in any order."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import Lazy, stand_in
from prep_core.io.large.stored import stored

BAND = 2**22
"""Bytes of rows that are read at once."""


@dataclass(frozen=True)
class Raw:
    """An array in a .npy file of its own."""

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def start(self) -> bytes:
        """What stands before the numbers."""
        stream = io.BytesIO()
        npy.write_array_header_1_0(stream, npy.header_data_from_array_1_0(stand_in(self.shape, self.dtype)))
        return stream.getvalue()

    @property
    def array(self) -> Lazy:
        return stored(self.path, len(self.start), self.shape, self.dtype)

    def create(self) -> None:
        """Make the file, with room for all numbers: a disk that is too small is found now."""
        start = self.start
        with self.path.open("wb") as stream:
            stream.write(start)
            stream.truncate(len(start) + int(np.prod(self.shape, dtype=object)) * self.dtype.itemsize)

    @contextmanager
    def writing(self) -> Iterator["Writer"]:
        """What puts blocks in their places."""
        with self.path.open("r+b", buffering=0) as stream:
            yield Writer(stream, len(self.start), self.shape)

    def bands(self, outer: Sequence[int], rows: int | None = None) -> Iterator[NDArray[Any]]:
        """All rows, (rows, columns) at a time, plane after plane; the first of the axes `outer` is the slowest."""
        array = self.array
        step = rows or max(BAND // (self.shape[-1] * self.dtype.itemsize), 1)
        for at in product(*(range(self.shape[axis]) for axis in outer)):
            place = [slice(0, 0)] * len(outer)
            for axis, i in zip(outer, at, strict=True):
                place[axis] = slice(i, i + 1)
            for row in range(0, self.shape[-2], step):
                band = slice(row, min(row + step, self.shape[-2]))
                part = array.read((*place, band, slice(0, self.shape[-1])))
                yield part.reshape(part.shape[-2:])


@dataclass(frozen=True)
class Writer:
    """Puts blocks of whole rows into a file."""

    stream: io.FileIO
    offset: int
    shape: tuple[int, ...]

    def put(self, region: Region, part: NDArray[Any]) -> None:
        """Write the block at `region`."""
        wide = np.ascontiguousarray(part)
        for at in np.ndindex(part.shape[:-2]):
            place = [i + s.start for i, s in zip(at, region, strict=False)]
            row = int(np.ravel_multi_index((*place, region[-2].start), self.shape[:-1]))
            self.stream.seek(self.offset + row * self.shape[-1] * wide.dtype.itemsize)
            left = wide[at].reshape(-1).view(np.uint8).data
            while left:
                left = left[self.stream.write(left) :]
