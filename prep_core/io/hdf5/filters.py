"""The filters of HDF5, undone here: each chunk must unpack to exactly the bytes that it holds.

The library trusts its chunks.  One that unpacks to less gives whatever lay in memory as voxels, one that unpacks to
more takes any amount of it, and one of no bytes ends the process.
"""

from collections.abc import Callable, Mapping, Sequence

import imagecodecs
import numpy as np

from prep_core.io.errors import ReadError, decoding
from prep_core.io.gzip_bytes import exactly, inflate

NAMES: Mapping[int, str] = {
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
"""By the numbers that The HDF Group gives to filters."""

SHUFFLE, FLETCHER = 2, 3
CHECKSUM = 4
"""Bytes behind a chunk with a checksum."""


def check(name: str, codes: Sequence[int]) -> None:
    """Complain about filters that are not undone here.

    Raises
    ------
    ReadError
    """
    strange = [f"{NAMES.get(code, 'of an unknown kind')} ({code})" for code in codes if code not in UNDO]
    if strange:
        raise ReadError(f"{name} is stored with the filter {', '.join(strange)}, which is not read; write it with gzip")
    if sum(code in PACKERS for code in codes) > 1:
        raise ReadError(f"{name} is compressed twice; write it with gzip alone")


def unpack(name: str, data: bytes, codes: Sequence[int], size: int, item: int) -> bytes:
    """The bytes of a chunk.

    Parameters
    ----------
    name : str
        How the file is called in errors.
    data : bytes
        As stored.
    codes : sequence of int
        The filters that were applied to it, in the order of writing.
    size, item : int
        Bytes of the chunk, and of one of its numbers.

    Raises
    ------
    ReadError
        When it is damaged, or unpacks to another size.
    """
    given = [size + CHECKSUM * list(codes[:i]).count(FLETCHER) for i in range(len(codes))]
    for code, want in reversed(list(zip(codes, given, strict=True))):
        data = UNDO[code](name, data, want, item)
    return exactly(name, data, size)


def fletcher32(data: bytes) -> int:
    """The checksum of HDF5: two sums of 16-bit words, modulo 65535, of which 65535 stands for 0."""
    words = np.frombuffer(data + b"\0" * (len(data) % 2), ">u2").astype(np.uint64)
    weights = np.arange(len(words), 0, -1, dtype=np.uint64) % np.uint64(65535)
    first, second = int(words.sum()) % 65535, int((words * weights).sum()) % 65535
    return (second << 16) | first


def _checked(name: str, data: bytes, _want: int, _item: int) -> bytes:
    body, told = data[:-CHECKSUM], int.from_bytes(data[-CHECKSUM:], "little")
    halves = [half % 65535 for half in (told >> 16, told & 0xFFFF)]
    if len(data) <= CHECKSUM or (halves[0] << 16) | halves[1] != fletcher32(body):
        raise ReadError(f"{name} is corrupt: a chunk does not have its checksum (fletcher32); get a fresh copy")
    return body


def _unshuffled(name: str, data: bytes, want: int, item: int) -> bytes:
    return np.frombuffer(exactly(name, data, want), np.uint8).reshape(item, -1).T.tobytes()


def _inflated(name: str, data: bytes, want: int, _item: int) -> bytes:
    return inflate(name, data, want)


def _by(decode: Callable[..., bytes | bytearray], what: str) -> Callable[[str, bytes, int, int], bytes]:
    def undo(name: str, data: bytes, want: int, _item: int) -> bytes:
        with decoding(name, f"a chunk packed with {what}"):
            return exactly(name, bytes(decode(data, out=want)), want)

    return undo


PACKERS: Mapping[int, Callable[[str, bytes, int, int], bytes]] = {
    1: _inflated,
    32000: _by(imagecodecs.lzf_decode, "lzf"),
    32001: _by(imagecodecs.blosc_decode, "blosc"),
    32015: _by(imagecodecs.zstd_decode, "zstd"),
}
UNDO: Mapping[int, Callable[[str, bytes, int, int], bytes]] = {**PACKERS, SHUFFLE: _unshuffled, FLETCHER: _checked}
