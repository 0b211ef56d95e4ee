"""Numbers that lie in a file one after the other."""

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError
from prep_core.io.large.layout import Region
from prep_core.io.large.lazy import Lazy
from prep_core.io.names import shown

RUN = 1 << 20
"""Bytes that are read at once even if not all of them are wanted: a seek costs as much."""


def stored(path: Path, offset: int, shape: Sequence[int], dtype: np.dtype[Any]) -> Lazy:
    """The array that begins `offset` bytes into a file, its last axis the fastest.

    Parts are read into memory of their own: pages of a mapped file would count as memory of this process.
    """
    sizes = tuple(shape)
    strides = [math.prod(sizes[axis + 1 :]) for axis in range(len(sizes))]
    together = [stride * n * dtype.itemsize <= RUN for n, stride in zip(sizes, strides, strict=True)]
    grain = tuple(n if close else 1 for n, close in zip(sizes, together, strict=True))
    runs = together.index(True) if any(together) else len(sizes) - 1

    def read(region: Region) -> NDArray[Any]:
        return _numbers(path, offset, sizes, dtype, region, runs)

    return Lazy(sizes, dtype.newbyteorder("="), grain, read)


def _numbers(
    path: Path, offset: int, shape: tuple[int, ...], dtype: np.dtype[Any], region: Region, runs: int
) -> NDArray[Any]:
    """What `region` holds; from axis `runs` on everything is read, and what is not wanted is left out."""
    split = max(runs - 1, 0)
    inner = math.prod(shape[split + 1 :])
    rows = region[split]
    wanted = (slice(None), *region[split + 1 :])
    out = np.empty([s.stop - s.start for s in region], dtype.newbyteorder("="))
    with path.open("rb", buffering=0) as stream:
        for at, place in zip(_indices(region[:split]), np.ndindex(out.shape[:split]), strict=True):
            first = (np.ravel_multi_index(at, shape[:split]) if split else 0) * shape[split] + rows.start
            run = np.empty((rows.stop - rows.start, *shape[split + 1 :]), dtype)
            stream.seek(offset + int(first) * inner * dtype.itemsize)
            _fill(path.name, stream, run)
            out[place] = run[wanted]
    return out


def _indices(region: Region) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(s.start, s.stop) for s in region))


def _fill(name: str, stream: Any, run: NDArray[Any]) -> None:
    """Read as many bytes as `run` has; one call of the system gives at most 2 GB, and may give less."""
    left = run.reshape(-1).view(np.uint8).data
    while left:
        count = stream.readinto(left)
        if not count:
            raise ReadError(f"{shown(name)} changed while it was read; wait until it is complete and try again")
        left = left[count:]
