"""How a dataset of HDF5 is stored: checked against the limits and the file, then read chunk by chunk."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError
from prep_core.io.hdf5 import filters as hdf5_filters
from prep_core.io.limits import Limits

MOST_CHUNKS = 2**18
"""As many as 2^28 voxels have in chunks of 32 x 32."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the numbers of a dataset lie.

    Attributes
    ----------
    filters : tuple of int
        In the order of writing.
    chunks : tuple
        What the library knows of each stored chunk; empty for numbers in one piece.
    told : tuple of str
        Warnings.
    """

    filters: tuple[int, ...]
    chunks: tuple[Any, ...]
    told: tuple[str, ...] = ()


def check(name: str, found: Any, limits: Limits) -> Storage:
    """Complain about what cannot be read, or would cost more than the limits.

    Raises
    ------
    ReadError
    """
    packed, there = int(found.id.get_storage_size()), int(found.file.id.get_filesize())
    limits.check_array(name, found.shape, found.dtype.itemsize, max(1, min(packed, there)))
    if packed > there or (found.id.get_offset() or 0) + packed > there:
        raise ReadError(f"{name} is truncated: it needs {packed} bytes, and its file has {there}; get a fresh copy")
    if not packed:
        raise ReadError(f"{name} was declared and never written: there are no numbers in it; choose another array")
    return Storage((), ()) if found.chunks is None else _check_chunks(name, found, there, limits)


def numbers(name: str, found: Any, storage: Storage) -> NDArray[Any]:
    """All numbers of a dataset, in its shape and in the type it is stored in."""
    if not storage.chunks:
        return np.asarray(found[...])
    pixels = np.full(found.shape, found.fillvalue, found.dtype)
    size = math.prod(found.chunks) * found.dtype.itemsize
    # A byte of a truth value can hold more than 0 and 1.
    kind = np.dtype(np.uint8) if found.dtype == np.bool_ else found.dtype
    for chunk in storage.chunks:
        mask, data = found.id.read_direct_chunk(chunk.chunk_offset)
        # The library gives a chunk without filters the length that it should have, and what lies in memory.
        if len(data) != chunk.size:
            raise ReadError(f"{name} is corrupt: a chunk of {chunk.size} bytes should have {len(data)}; copy it again")
        # A bit of the mask stands for a filter that was left out of this chunk.
        codes = [code for i, code in enumerate(storage.filters) if not mask >> i & 1]
        plain = hdf5_filters.unpack(name, data, codes, size, found.dtype.itemsize)
        _put(pixels, np.frombuffer(plain, kind).reshape(found.chunks), chunk.chunk_offset)
    return pixels


def _check_chunks(name: str, found: Any, there: int, limits: Limits) -> Storage:
    plist = found.id.get_create_plist()
    filters = tuple(int(plist.get_filter(i)[0]) for i in range(plist.get_nfilters()))
    hdf5_filters.check(name, filters)
    limits.check_array(name, found.chunks, found.dtype.itemsize)
    count = math.prod(-(-n // c) for n, c in zip(found.shape, found.chunks, strict=True))
    if count > MOST_CHUNKS:
        raise ReadError(
            f"{name} is stored in {count} chunks, and up to {MOST_CHUNKS} are read; write it in larger ones (h5repack)"
        )
    stored: list[Any] = []
    found.id.chunk_iter(stored.append)
    inside = all(0 <= at < n for chunk in stored for at, n in zip(chunk.chunk_offset, found.shape, strict=True))
    if not inside or len(stored) > count or any(not 0 < chunk.size <= there for chunk in stored):
        raise ReadError(f"{name} is corrupt: its list of chunks contradicts its shape; get a fresh copy")
    missing = count - len(stored)
    told = f"{missing} of {count} chunks were never written and hold the fill value {found.fillvalue}"
    return Storage(filters, tuple(stored), (told,) if missing else ())


def _put(pixels: NDArray[Any], chunk: NDArray[Any], at: Sequence[int]) -> None:
    """Chunks at the edges reach beyond the array."""
    room = [min(c, n - start) for c, n, start in zip(chunk.shape, pixels.shape, at, strict=True)]
    here = tuple(slice(start, start + r) for start, r in zip(at, room, strict=True))
    pixels[here] = chunk[tuple(slice(r) for r in room)]


def filter_names(storage: Storage) -> list[str]:
    """What the numbers are packed with."""
    return [hdf5_filters.NAMES[code] for code in storage.filters]
