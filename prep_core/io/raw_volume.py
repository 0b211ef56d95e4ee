"""A volume that a text header describes and whose bytes follow it: what NRRD and MetaImage have in common.

The voxels are taken from the bytes in hand: no other file is opened, and nothing is written to the disk.
"""

import bz2
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.io import gzip_bytes
from prep_core.io.answers import in_order
from prep_core.io.digesting import Digested
from prep_core.io.errors import ReadError, decoding
from prep_core.io.files import File
from prep_core.io.limits import Limits

Encoding = Literal["raw", "gzip", "zlib", "bzip2"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the bytes behind a header become an array.

    Attributes
    ----------
    sizes : tuple of int
        The fastest axis first, as both formats write them.
    axes : str
        Their names in the same order: letters of "TCZYX".
    dtype : dtype
        With its byte order.
    encoding : str
    start : int
        Where the data begins in the file; negative counts from its end.
    """

    sizes: tuple[int, ...]
    axes: str
    dtype: np.dtype[Any]
    encoding: Encoding
    start: int


def voxels(file: File, layout: Layout, limits: Limits) -> tuple[NDArray[Any], str, str]:
    """The array in the order of a scan, in native byte order, the names of its axes, and the digest of the file.

    Raises
    ------
    ReadError
        When the sizes are above the limits or the bytes do not fit them.
    """
    name = file.shown
    if len(set(layout.axes)) != len(layout.axes) or not {"Y", "X"} <= set(layout.axes):
        raise ReadError(f"{name} has axes {layout.axes[::-1]}, which is no image; save a part of it")
    packed = None if layout.encoding == "raw" else file.size
    want = limits.check_array(name, layout.sizes, layout.dtype.itemsize, packed)
    plain, sha = _content(file, layout, want)
    stored = np.frombuffer(plain, layout.dtype, math.prod(layout.sizes)).reshape(layout.sizes[::-1])
    native = stored.astype(layout.dtype.newbyteorder("="), copy=False)
    return *in_order(native, layout.axes[::-1]), sha


def numbers(name: str, field: str, text: str) -> list[float]:
    """The numbers in a header field, separated by spaces, commas or brackets."""
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    try:
        return [float(w) for w in words]
    except ValueError as fault:
        raise ReadError(f"{name} has a header field {field} that holds no numbers; repair its header") from fault


def whole(name: str, field: str, text: str) -> tuple[int, ...]:
    """The same for whole numbers."""
    found = numbers(name, field, text)
    if not all(math.isfinite(v) and v.is_integer() for v in found):
        raise ReadError(f"{name} has a header field {field} that holds no whole numbers; repair its header")
    return tuple(int(v) for v in found)


def check_count(name: str, field: str, found: Sequence[object] | NDArray[Any], count: int) -> None:
    """Complain when a header field has not one entry for each dimension."""
    if len(found) != count:
        raise ReadError(f"{name} has {len(found)} entries in {field} for dimension {count}; repair its header")


def _content(file: File, layout: Layout, want: int) -> tuple[bytes | memoryview, str]:
    """The bytes of the array, and the digest of the file; what is packed by gzip never lies in memory as a whole."""
    if layout.encoding == "gzip" and layout.start >= 0:
        packed = Digested(file, layout.start)
        return gzip_bytes.unpacked(file.shown, packed.open, want), packed.sha256()
    data = file.view()
    body = data[layout.start :] if layout.start >= 0 else data[-want:]
    return _unpacked(file.shown, body, layout.encoding, want), file.digest_of(data)


def _unpacked(name: str, body: memoryview, encoding: Encoding, want: int) -> bytes | memoryview:
    if encoding == "gzip":
        return gzip_bytes.unpack(name, bytes(body), want)
    if encoding == "zlib":
        return gzip_bytes.inflate(name, body, want)
    if encoding == "bzip2":
        return _from_bzip2(name, bytes(body), want)
    if len(body) < want:
        raise ReadError(f"{name} is truncated: expected {want} bytes of voxels, found {len(body)}; get a fresh copy")
    return body[:want]


def _from_bzip2(name: str, body: bytes, want: int) -> bytes:
    """One stream or several; asked for one byte more than is wanted, it reaches its end and checks its CRC."""
    out = b""
    with decoding(name, "bzip2"):
        while body and len(out) <= want:
            stream = bz2.BZ2Decompressor()
            out += stream.decompress(body, want + 1 - len(out))
            body = stream.unused_data
            if not stream.eof and len(out) <= want:
                raise ReadError(f"{name} is truncated: its bzip2 stream has no end; get a fresh copy")
    return gzip_bytes.exactly(name, out, want)
