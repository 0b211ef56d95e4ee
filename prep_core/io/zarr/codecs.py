"""Which codecs of Zarr are run, and how large a chunk is once unpacked: known before it is.

The libraries behind Zarr unpack a chunk to whatever size it claims or reaches.  So each one is weighed first: by the
size in its own header where it has one, else by unpacking it to a limit.
"""

import bz2
import lzma
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np

from prep_core.io import gzip_bytes
from prep_core.io.errors import ReadError, decoding
from prep_core.io.names import shown

CHECKSUM = 4
"""Bytes that crc32c puts behind a chunk."""

LZMA_MEMORY = 1 << 28
BLOSC_HEADER, LZ4_HEADER = 16, 4
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
KEEPERS = frozenset(("bytes", "transpose", "shuffle", "delta", "fixedscaleoffset", "quantize", "bitround", "astype"))
"""Codecs that give as many numbers as they get."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How the chunks of an array are packed.

    Attributes
    ----------
    packer : str or None
        The codec that makes them smaller.
    checked : bool
        Whether a checksum stands behind them.
    size : int
        Bytes of a chunk once unpacked.
    """

    packer: str | None
    checked: bool
    size: int

    def check(self, name: str, data: bytes) -> None:
        """Complain unless the chunk `data` unpacks to exactly `size` bytes."""
        body = data[:-CHECKSUM] if self.checked else data
        if self.packer is not None:
            with decoding(name, f"a {self.packer} chunk"):
                PACKERS[self.packer](name, body, self.size)
        else:
            gzip_bytes.exactly(name, body, self.size)


def packing(name: str, codecs: Sequence[Any], shape: Sequence[int], dtype: np.dtype[Any]) -> Packing:
    """How chunks of `shape` are packed by `codecs`, which are as the metadata list them.

    Raises
    ------
    ReadError
        For codecs that are not run here, and for an order of them in which a chunk cannot be weighed.
    """
    chain = [_codec(name, codec) for codec in codecs]
    checked = bool(chain) and chain[-1][0] == "crc32c"
    inner = chain[:-1] if checked else chain
    packer = inner[-1][0] if inner and inner[-1][0] in PACKERS else None
    for known, settings in inner[:-1] if packer else inner:
        if known not in KEEPERS:
            raise ReadError(
                f"{name} packs its chunks twice ({known} first), which is not read; write it with one codec"
            )
        dtype = _stored_type(name, settings, dtype)
    return Packing(packer, checked, math.prod(shape) * dtype.itemsize)


def _codec(name: str, codec: Any) -> tuple[str, Mapping[str, Any]]:
    """Name and settings of one codec, in the manner of version 2 or 3."""
    entry: Mapping[str, Any] = {"name": codec} if isinstance(codec, str) else codec
    with decoding(name, "a list of codecs"):
        known = str(entry["id"] if "id" in entry else entry["name"]).removeprefix("numcodecs.")
        settings = dict(entry.get("configuration") or entry)
    if known not in KEEPERS and known not in PACKERS and known != "crc32c":
        raise ReadError(
            f"{name} is packed with the codec {shown(known)}, which is not run here: "
            f"write it again with one of {', '.join(sorted(PACKERS))}"
        )
    if known == "lzma" and (settings.get("format", 1) != lzma.FORMAT_XZ or settings.get("filters")):
        raise ReadError(f"{name} is packed with lzma in a raw form, which is not run here: write it again with blosc")
    return known, settings


def _stored_type(name: str, settings: Mapping[str, Any], dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type that a filter makes of `dtype`."""
    written = next((settings[key] for key in ("astype", "encode_dtype", "dtype") if settings.get(key)), None)
    with decoding(name, "a type of numbers"):
        return dtype if written is None else numeric(name, np.dtype(str(written)))


def numeric(name: str, dtype: np.dtype[Any]) -> np.dtype[Any]:
    """`dtype`, if numbers of an image can have it."""
    if dtype.kind not in "biufc" or dtype.itemsize > 16 or (dtype.kind == "f" and dtype.itemsize > 8):
        what = "Python objects, which are never loaded" if dtype.hasobject else "which is not a numeric type for images"
        raise ReadError(f"{name} has dtype {shown(str(dtype))}, {what}; convert it first")
    return dtype


def _blosc(name: str, data: bytes, want: int) -> None:
    """Bytes 4 to 8 of the header are the unpacked size, 12 to 16 the packed one (c-blosc, README_CHUNK_FORMAT)."""
    if len(data) < BLOSC_HEADER or int.from_bytes(data[12:16], "little") != len(data):
        raise ReadError(f"{name} is truncated or corrupt: its blosc header does not fit its length; get a fresh copy")
    _check_size(name, int.from_bytes(data[4:8], "little"), want)


def _lz4(name: str, data: bytes, want: int) -> None:
    """numcodecs puts the unpacked size before the block."""
    _check_size(name, int.from_bytes(data[:LZ4_HEADER], "little"), want)


def _zstd(name: str, data: bytes, want: int) -> None:
    size = _zstd_size(data)
    if size is None:
        gzip_bytes.exactly(name, bytes(imagecodecs.zstd_decode(data, out=want)), want)
    else:
        _check_size(name, size, want)


def _zstd_size(data: bytes) -> int | None:
    """The unpacked size in the header of a frame, where it has one (RFC 8878, 3.1.1.1)."""
    if not data.startswith(ZSTD_MAGIC) or len(data) < 5:
        raise ValueError("not a zstd frame")
    flags = data[4]
    single = flags >> 5 & 1
    length = (single, 2, 4, 8)[flags >> 6]
    start = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3]
    size = int.from_bytes(data[start : start + length], "little") + (256 if length == 2 else 0)
    return size if length else None


def _bz2(name: str, data: bytes, want: int) -> None:
    _one_stream(name, bz2.BZ2Decompressor(), data, want)


def _lzma(name: str, data: bytes, want: int) -> None:
    try:
        _one_stream(name, lzma.LZMADecompressor(lzma.FORMAT_XZ, LZMA_MEMORY), data, want)
    except lzma.LZMAError as fault:
        raise ReadError(f"{name} is corrupt, or needs too much memory to unpack (lzma); get a fresh copy") from fault


def _one_stream(name: str, stream: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, want: int) -> None:
    out = stream.decompress(data, want + 1)
    gzip_bytes.exactly(name, out, want)
    if not stream.eof or stream.unused_data:
        raise ReadError(f"{name} is corrupt: its end is missing or doubled; get a fresh copy")


def _check_size(name: str, found: int, want: int) -> None:
    if found != want:
        raise ReadError(
            f"{name} is corrupt: it unpacks to {found} bytes, and a chunk of this array has {want}; get a fresh copy"
        )


PACKERS: Mapping[str, Callable[[str, bytes, int], object]] = {
    "blosc": _blosc,
    "bz2": _bz2,
    "gzip": gzip_bytes.unpack,
    "lz4": _lz4,
    "lzma": _lzma,
    "zlib": gzip_bytes.inflate,
    "zstd": _zstd,
}
"""Codecs that make a chunk smaller, each with what complains unless it unpacks to the size that is wanted."""
