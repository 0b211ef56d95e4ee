"""How a dataset of HDF5 is stored: checked against the limits before the library unpacks any of it."""

import math
import zlib
from collections.abc import Mapping
from typing import Any

import h5py

from prep_core.io.errors import ReadError
from prep_core.io.hdf5_tree import dtype_of, sources_of
from prep_core.io.limits import Limits

MOST_CHUNKS = 2**16
"""As many as 2^28 voxels have in chunks of 64 x 64; the library takes 3.7 kB of memory for each."""

HARMLESS = 2**16
"""A stored chunk this long gives at most 64 MiB: deflate reaches 1032 to 1."""

DEFLATE, CHECKSUM = h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_FLETCHER32
FILTERS: Mapping[int, str] = {
    1: "gzip",
    2: "shuffle",
    3: "fletcher32",
    4: "szip",
    5: "nbit",
    6: "scaleoffset",
    305: "lzo",
    307: "bzip2",
    32000: "lzf",
    32001: "blosc",
    32004: "lz4",
    32008: "bitshuffle",
    32013: "zfp",
    32015: "zstd",
    32017: "sz",
    32026: "blosc2",
}
"""Names by the numbers that The HDF Group gives to filters."""


def check(name: str, found: Any, file: Any, limits: Limits) -> list[str]:
    """Complain about what cannot be read, or would cost more than the limits; warnings about what was never written.

    Raises
    ------
    ReadError
    """
    dtype = dtype_of(found)
    sources = [file[path] for path in sorted(sources_of(found))] if found.is_virtual else []
    packed, there = sum(int(part.id.get_storage_size()) for part in sources or [found]), int(file.id.get_filesize())
    limits.check_array(name, found.shape, dtype.itemsize if dtype else 1, max(1, min(packed, there)))
    if packed > there:
        raise ReadError(f"{name} is truncated: it needs {packed} bytes, and its file has {there}; get a fresh copy")
    if not packed:
        raise ReadError(f"{name} was declared and never written: there are no numbers in it; choose another array")
    return [word for part in sources or [found] for word in _check_chunks(name, part, limits)]


def filters_of(found: Any) -> list[str]:
    """The names of the filters that a dataset is stored with, in the order of writing."""
    return [FILTERS.get(code, f"filter {code}") for code in _codes(found)]


def _check_chunks(name: str, found: Any, limits: Limits) -> list[str]:
    if found.chunks is None:
        return []
    _check_filters(name, found)
    size = limits.check_array(name, found.chunks, found.dtype.itemsize)
    count = math.prod(-(-n // c) for n, c in zip(found.shape, found.chunks, strict=True))
    if count > MOST_CHUNKS:
        raise ReadError(
            f"{name} is stored in {count} chunks, and up to {MOST_CHUNKS} are read; write it in larger ones (h5repack)"
        )
    stored: list[Any] = []
    found.id.chunk_iter(stored.append)
    for chunk in stored:
        if chunk.size > 2 * size + HARMLESS:
            raise ReadError(f"{name} is corrupt: a stored chunk is larger than what it unpacks to; get a fresh copy")
        if chunk.size > HARMLESS and DEFLATE in _codes(found):
            _check_unpacked(name, found.id.read_direct_chunk(chunk.chunk_offset)[1], 2 * size + HARMLESS)
    if missing := count - len(stored):
        return [f"{missing} of {count} chunks were never written and hold the fill value {found.fillvalue}"]
    return []


def _check_filters(name: str, found: Any) -> None:
    codes = _codes(found)
    missing = [code for code in codes if not h5py.h5z.filter_avail(code)]
    if missing:
        words = ", ".join(f"{FILTERS.get(code, 'unknown')} ({code})" for code in missing)
        raise ReadError(f"{name} is stored with the filter {words}, which is not installed; write it with gzip instead")
    after = codes[codes.index(DEFLATE) + 1 :] if DEFLATE in codes else []
    if any(code != CHECKSUM for code in after):
        raise ReadError(f"{name} is compressed twice; write it with gzip alone")


def _check_unpacked(name: str, packed: bytes, most: int) -> None:
    try:
        out = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error as fault:
        raise ReadError(f"{name} is corrupt: a stored chunk is damaged; get a fresh copy") from fault
    if len(out) > most:
        raise ReadError(f"{name} is corrupt: a stored chunk unpacks to more than it may hold; get a fresh copy")


def _codes(found: Any) -> list[int]:
    plist = found.id.get_create_plist()
    return [int(plist.get_filter(i)[0]) for i in range(plist.get_nfilters())]
