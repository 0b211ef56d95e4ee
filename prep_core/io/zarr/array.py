"""The numbers of one Zarr array, chunk by chunk: each is weighed before the zarr library unpacks it."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File, digest
from prep_core.io.limits import Limits
from prep_core.io.zarr import library
from prep_core.io.zarr.codecs import Packing, packing
from prep_core.io.zarr.tree import Array

CHUNKS = 100_000
"""More than these would take minutes to put together, however small they are."""

SHARDING = "sharding_indexed"
INDEX_CODECS = ("bytes", "crc32c")
NO_CHUNK = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Grid:
    """How an array is divided: into files, and those into chunks where it is sharded (ZEP 2)."""

    shape: tuple[int, ...]
    cell: tuple[int, ...]
    chunk: tuple[int, ...]
    packing: Packing
    sharded: bool
    index_first: bool = False
    index_checked: bool = False

    @property
    def cells(self) -> list[tuple[int, ...]]:
        return list(itertools.product(*(range(n) for n in _over(self.shape, self.cell))))

    def region(self, at: Sequence[int]) -> tuple[slice, ...]:
        """The part of the array that a file has."""
        ends = zip(at, self.cell, self.shape, strict=True)
        return tuple(slice(i * step, min((i + 1) * step, n)) for i, step, n in ends)

    def chunks_in(self, region: Sequence[slice]) -> tuple[int, ...]:
        """How many chunks of it are inside of the array."""
        return _over([s.stop - s.start for s in region], self.chunk)


@dataclass(frozen=True, slots=True)
class Absent:
    """How many of the chunks of an array are not there, and the value that stands for their numbers."""

    missing: int
    chunks: int
    fill: Any


@dataclass(frozen=True, slots=True)
class Numbers:
    """An array as it was read, the digest of its files, and what was not there."""

    data: NDArray[Any]
    sha256: str
    absent: Absent


def read(array: Array, files: Mapping[str, File], limits: Limits) -> Numbers:
    """The numbers of `array`.

    Raises
    ------
    ReadError
        Before a chunk is read, for types, sizes and codecs that are not read here; then for a chunk that is cut,
        corrupt, or unpacks to another size than the metadata say.
    """
    chunks = opened(array, files, limits)
    out = np.empty(chunks.grid.shape, array.dtype.newbyteorder("="))
    survey = Survey()
    for at in chunks.grid.cells:
        data = chunks.packed(at)
        survey.add(chunks, at, data)
        region = chunks.grid.region(at)
        chunks.unpack(at, data, region, out[region])
    return Numbers(out, survey.sha256(chunks), survey.absent(chunks))


@dataclass(frozen=True, slots=True)
class Chunks:
    """The files that an array is divided into, read and unpacked one by one.

    Attributes
    ----------
    opened : zarr.Array
        Over `kept`, which holds the metadata and, while it is unpacked, one file.
    fill : number
        The value of what is missing.
    """

    array: Array
    files: Mapping[str, File]
    limits: Limits
    grid: Grid
    source: bytes
    kept: dict[str, Any]
    opened: Any
    fill: Any

    def key(self, at: Sequence[int]) -> str:
        name: str = self.opened.metadata.encode_chunk_key(tuple(at))
        return name

    def packed(self, at: Sequence[int]) -> bytes | None:
        """What one file holds; None where it is missing."""
        key, path = self.key(at), self.array.path
        file = self.files.get(f"{path}/{key}" if path else key)
        if file is None:
            return None
        self.limits.check(self.array.shown, "file_bytes", file.size, "a file of it in bytes")
        return file.read()

    def unpack(self, at: Sequence[int], data: bytes | None, region: Sequence[slice], out: NDArray[Any]) -> None:
        """Put the numbers of `region`, which lies within the file at `at`, into `out`."""
        if data is None:
            out[...] = self.fill
            return
        key = self.key(at)
        self.kept[key] = library.buffer(data)
        with decoding(f"{self.array.shown} (chunk {key})", "a Zarr chunk"):
            library.read_into(out, self.opened, tuple(region))
        del self.kept[key]

    def check(self, at: Sequence[int], data: bytes) -> int:
        """How many chunks a file holds, after each was weighed."""
        return _checked(f"{self.array.shown} (chunk {self.key(at)})", data, self.grid)


class Survey:
    """Digest of the files of an array, and how many of its chunks are not there."""

    def __init__(self) -> None:
        self.missing = self.chunks = 0
        self._parts: list[str] = []

    def add(self, chunks: Chunks, at: Sequence[int], data: bytes | None) -> None:
        """Count one file, in the order of the array, after its chunks were weighed."""
        inside = math.prod(chunks.grid.chunks_in(chunks.grid.region(at)))
        self.chunks += inside
        if data is None:
            self.missing += inside
            return
        self.missing += max(0, inside - chunks.check(at, data))
        self._parts.append(digest(f"{chunks.key(at)} {digest(data)}".encode()))

    def absent(self, chunks: Chunks) -> Absent:
        return Absent(self.missing, self.chunks, chunks.fill)

    def sha256(self, chunks: Chunks) -> str:
        return digest("".join([digest(chunks.source), *self._parts]).encode())


def opened(array: Array, files: Mapping[str, File], limits: Limits, most: int = CHUNKS) -> Chunks:
    """The chunks of `array`, of which there are at most `most`, after its metadata were checked."""
    name, dtype = array.shown, array.dtype
    limits.check_array(name, array.shape, dtype.itemsize)
    grid = _grid(array, dtype, limits, most)
    source = files[array.file].read()
    kept = {array.file.rpartition("/")[2]: library.buffer(source)}
    with decoding(name, "a Zarr array"):
        zarray = library.opened(kept, array.version)
        fill = 0 if zarray.fill_value is None else zarray.fill_value
    return Chunks(array, files, limits, grid, source, kept, zarray, fill)


def _grid(array: Array, dtype: np.dtype[Any], limits: Limits, most: int) -> Grid:
    """How the array is divided, after its codecs and the sizes of its chunks were checked."""
    name, metadata = array.shown, array.metadata
    if array.version == 2:
        cell = _lengths(name, metadata.get("chunks"), array.shape)
        codecs = [*(metadata.get("filters") or ()), *filter(None, [metadata.get("compressor")])]
        grid = Grid(array.shape, cell, cell, packing(name, codecs, cell, dtype), sharded=False)
    else:
        grid = _grid_3(array, dtype)
    counts = _over(grid.shape, grid.cell)
    padded = [count * step for count, step in zip(counts, grid.cell, strict=True)]
    limits.check_array(f"{name} with the padding of its chunks", padded, dtype.itemsize)
    if math.prod(_over(padded, grid.chunk)) > most:
        raise ReadError(f"{name} has more than {most:,} chunks; write it again with larger ones")
    return grid


def _grid_3(array: Array, dtype: np.dtype[Any]) -> Grid:
    name, metadata = array.shown, array.metadata
    if metadata.get("storage_transformers"):
        raise ReadError(f"{name} uses storage transformers, which are not read; write it again without")
    with decoding(name, "a grid of chunks"):
        cell = _lengths(name, metadata["chunk_grid"]["configuration"]["chunk_shape"], array.shape)
        codecs = list(metadata["codecs"])
        shard = codecs[-1]["configuration"] if _named(codecs[-1]) == SHARDING else None
        if shard is None:
            return Grid(array.shape, cell, cell, packing(name, codecs, cell, dtype), sharded=False)
        chunk = _lengths(name, shard["chunk_shape"], array.shape)
        checks = tuple(_named(codec) for codec in shard.get("index_codecs", ()))
        if checks not in (INDEX_CODECS, INDEX_CODECS[:1]) or any(a % b for a, b in zip(cell, chunk, strict=True)):
            raise ReadError(f"{name} has shards with an index that is not read; write it again with the usual one")
        packing(name, codecs[:-1], cell, dtype)
        inner = packing(name, shard["codecs"], chunk, dtype)
        return Grid(array.shape, cell, chunk, inner, True, shard.get("index_location") == "start", len(checks) > 1)


def _checked(name: str, data: bytes, grid: Grid) -> int:
    """How many chunks a file holds, after each was weighed."""
    if not grid.sharded:
        grid.packing.check(name, data)
        return 1
    present = 0
    for start, size in _index(name, data, grid):
        if start + size > len(data):
            raise ReadError(f"{name} is truncated: its index points behind its end; get a fresh copy")
        grid.packing.check(name, data[start : start + size])
        present += 1
    return present


def _index(name: str, data: bytes, grid: Grid) -> Iterator[tuple[int, int]]:
    """Where the chunks of a shard begin and how long they are, for those that it has."""
    count = math.prod(_over(grid.cell, grid.chunk))
    tail = 4 if grid.index_checked else 0
    if len(data) < 16 * count + tail:
        raise ReadError(f"{name} is truncated: it is shorter than its index; get a fresh copy")
    start = 0 if grid.index_first else len(data) - 16 * count - tail
    entries = np.frombuffer(data, "<u8", 2 * count, start).reshape(count, 2)
    return ((int(a), int(b)) for a, b in entries if int(a) != NO_CHUNK)


def _named(codec: Any) -> str:
    return str(codec if isinstance(codec, str) else codec["name"])


def _lengths(name: str, found: Any, shape: Sequence[int]) -> tuple[int, ...]:
    if not isinstance(found, list) or len(found) != len(shape) or not all(type(n) is int and n > 0 for n in found):
        raise ReadError(f"{name} has chunks that do not fit its shape; write the store again")
    return tuple(found)


def _over(shape: Sequence[int], step: Sequence[int]) -> tuple[int, ...]:
    return tuple(-(-n // s) for n, s in zip(shape, step, strict=True))
