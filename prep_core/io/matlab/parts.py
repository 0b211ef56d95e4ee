"""The variables in a MATLAB 5 file: found and weighed by their tags alone ("MAT-File Format", MathWorks)."""

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from prep_core.io.errors import ReadError
from prep_core.io.gzip_bytes import inflate
from prep_core.io.limits import Limits

HEADER, TAG = 128, 8
MATRIX, COMPRESSED = 14, 15
INT32, UINT32 = 5, 6
PEEK = 4096
"""Bytes in which the flags, the dimensions and the name of a variable lie."""

MOST_AXES, LONGEST_NAME, WIDEST = 32, 63, 16
LOGICAL, COMPLEX = 0x02, 0x08

CLASSES: Mapping[int, str] = {
    6: "float64",
    7: "float32",
    8: "int8",
    9: "uint8",
    10: "int16",
    11: "uint16",
    12: "int32",
    13: "uint32",
    14: "int64",
    15: "uint64",
}
"""The classes of plain numeric arrays; the others are cells, structs, text, sparse arrays, functions, objects."""

Order = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its place in the file, and what its head says.

    Attributes
    ----------
    dtype : str
        "" where it is no plain array of numbers.
    at, size : int
        Where its element begins behind the tag, and how many bytes it is long there.
    inside, numbers : int
        Bytes of its matrix without the tag, and where in it the numbers begin.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    at: int
    size: int
    inside: int
    numbers: int
    is_packed: bool


def order_of(name: str, data: bytes) -> Order:
    """The byte order that the last two bytes of the header tell."""
    orders: Mapping[bytes, Order] = {b"IM": "little", b"MI": "big"}
    if len(data) < HEADER or data[126:128] not in orders:
        raise ReadError(f"{name} is truncated or corrupt: its MATLAB header is not whole; get a fresh copy")
    return orders[data[126:128]]


def variables(name: str, data: bytes, order: Order, limits: Limits) -> Iterator[Variable]:
    """Every variable of a file, none of them unpacked.

    Raises
    ------
    ReadError
        For a file that is cut short or damaged.
    """
    at, count = HEADER, 0
    while at < len(data):
        kind, size = (int.from_bytes(data[at + i : at + i + 4], order) for i in (0, 4))
        count += 1
        limits.check(name, "members", count, "its number of variables")
        if len(data) < at + TAG + size:
            raise ReadError(f"{name} is truncated: a variable ends behind the end of the file; get a fresh copy")
        if kind not in (MATRIX, COMPRESSED):
            raise ReadError(f"{name} is corrupt: an element of MATLAB type {kind} stands alone; get a fresh copy")
        yield _variable(name, data, at + TAG, size, kind == COMPRESSED, order)
        at += TAG + size


def matrix(name: str, data: bytes, variable: Variable, limits: Limits) -> bytes:
    """The matrix of a variable without its tag, unpacked to no more than it may hold.

    Raises
    ------
    ReadError
        For one above the limits, or one that is larger than its numbers.
    """
    count = math.prod(variable.shape)
    packed = variable.size if variable.is_packed else None
    limits.check_array(name, variable.shape, np.dtype(variable.dtype).itemsize, packed)
    if variable.inside > count * WIDEST + PEEK:
        raise ReadError(f"{name} is corrupt: a variable is longer than its numbers; get a fresh copy")
    end = variable.at + variable.size
    if variable.is_packed:
        return inflate(name, data[variable.at : end], TAG + variable.inside)[TAG:]
    return data[variable.at : end]


def part(head: bytes, at: int, order: Order) -> tuple[int, int, int]:
    """Type and size of a part, and where its bytes begin; up to 4 bytes stand inside of the tag."""
    word, size = (int.from_bytes(head[at + i : at + i + 4], order) for i in (0, 4))
    return (word & 0xFFFF, word >> 16, at + 4) if word >> 16 else (word, size, at + TAG)


def following(at: int, size: int) -> int:
    """Where the next part begins: each is filled up to 8 bytes, and begins at a multiple of 8."""
    return -(-(at + size) // TAG) * TAG


def _variable(name: str, data: bytes, at: int, size: int, is_packed: bool, order: Order) -> Variable:
    if is_packed:
        head = _peek(name, data[at : at + min(size, PEEK)])
        inside = int.from_bytes(head[4:8], order)
        if int.from_bytes(head[:4], order) != MATRIX:
            raise ReadError(f"{name} is corrupt: what a variable unpacks to is no matrix; get a fresh copy")
        head = head[TAG:]
    else:
        head, inside = data[at : at + min(size, PEEK)], size
    own, shape, dtype, numbers = _head(name, head, order)
    return Variable(own, shape, dtype, at, size, inside, numbers, is_packed)


def _peek(name: str, packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, PEEK)
    except zlib.error as fault:
        raise ReadError(f"{name} is corrupt: a variable cannot be unpacked; get a fresh copy") from fault


def _head(name: str, head: bytes, order: Order) -> tuple[str, tuple[int, ...], str, int]:
    """Name, shape and type from the first three parts of a matrix, and where the fourth begins."""
    word, size, at = part(head, 0, order)
    first = int.from_bytes(head[at : at + 4], order)
    flags, kind = first >> 8 & 0xFF, first & 0xFF
    if kind not in CLASSES or word != UINT32 or size != 8:
        return "", (), "", 0
    word, size, at = part(head, at + 8, order)
    if word != INT32 or not 8 <= size <= 4 * MOST_AXES or len(head) < at + size:
        raise ReadError(f"{name} is corrupt: the dimensions of a variable cannot be read; get a fresh copy")
    shape = tuple(int.from_bytes(head[i : i + 4], order, signed=True) for i in range(at, at + size, 4))
    _, size, at = part(head, following(at, size), order)
    own = head[at : at + min(size, LONGEST_NAME)].rstrip(b"\0").decode("ascii", "replace")
    dtype = "bool" if flags & LOGICAL else CLASSES[kind]
    return own, shape, _complex(dtype) if flags & COMPLEX else dtype, following(at, size)


def _complex(dtype: str) -> str:
    return "complex64" if dtype == "float32" else "complex128"
