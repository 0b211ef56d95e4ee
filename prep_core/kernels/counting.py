"""How often each value comes: 8 and 16 bits at once, 32 bits in two halves."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.pieces import counted
from prep_core.kernels.switch import kernel

Counts = NDArray[np.int64]

HALF = 1 << 16

_BLOCK = 1 << 18  # bincount widens its input to 8 bytes; blocks keep that in the cache
_FEW = 1 << 15  # values that are sorted before a table of all lower halves is made


def has_few_bits(values: NDArray[Any]) -> bool:
    """Whether they are integers of up to 16 bits, or bools: those that `counts_of_integers` takes."""
    return values.dtype.kind in "iub" and values.dtype.itemsize <= 2


def counts_of_integers(values: NDArray[Any]) -> tuple[int, Counts]:
    """How often each integer comes, of (n,) of up to 16 bits.

    Returns
    -------
    lowest : int
        That the dtype can hold.
    counts : (256,) or (65536,) int64
        Of `lowest`, and of each integer above it.
    """
    native = values.dtype.newbyteorder("=")
    if native.itemsize == 1:
        counts = counted(values, native, lambda piece: by_byte(piece.view(np.uint8)))
    else:
        counts = counted(values, native, lambda piece: by_code(piece.view(np.uint16)))
    half = counts.size // 2
    return (-half, np.roll(counts, half)) if native.kind == "i" else (0, counts)


def counts_of_upper(values: NDArray[Any]) -> Counts:
    """How many of (n,) real numbers have each upper half of the bits of a float32: (65536,)."""
    return counted(values, np.float32, lambda piece: by_upper(piece.view(np.uint32)))


def counts_of_lower(values: NDArray[Any], uppers: Counts) -> tuple[Counts, Counts]:
    """How many of (n,) real numbers have each lower half, for those that have one of the upper halves `uppers`.

    Returns
    -------
    cells : (found,) int64
        Places in a flat table of (uppers, 65536), increasing; where nothing was counted there is none.
    counts : (found,) int64
    """
    rows = _rows_of(uppers)
    if values.size < _FEW:
        cells, counts = np.unique(_cells(bits_of(values), rows, uppers.size)[0], return_counts=True)
        return cells, counts.astype(np.int64)
    table = counted(values, np.float32, lambda piece: by_lower(piece.view(np.uint32), rows, uppers.size))
    flat = table.reshape(-1)
    cells = np.flatnonzero(flat)
    return cells, flat[cells]


def cells_of_lower(values: NDArray[Any], uppers: Counts) -> tuple[Counts, Counts]:
    """The cells of `counts_of_lower` in which values are counted, and which of (n,) `values` these are."""
    return _cells(bits_of(values), _rows_of(uppers), uppers.size)


def bits_of(values: NDArray[Any]) -> NDArray[np.uint32]:
    """The bits of (n,) real numbers as float32."""
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite there
        return np.ascontiguousarray(values, np.float32).view(np.uint32)


@kernel
def by_byte(codes: NDArray[np.uint8]) -> Counts:
    """How many of (n,) codes are each of 256."""
    return _in_blocks(codes, 1 << 8)


@kernel
def by_code(codes: NDArray[np.uint16]) -> Counts:
    """How many of (n,) codes are each of 65,536."""
    return _in_blocks(codes, HALF)


@kernel
def by_upper(bits: NDArray[np.uint32]) -> Counts:
    """How many of (n,) have each upper half of their bits."""
    return _in_blocks(bits, HALF, 16)


@kernel
def by_lower(bits: NDArray[np.uint32], rows: NDArray[np.uint16], tables: int) -> NDArray[np.uint32]:
    """How many of (n,) have each lower half of their bits: (tables, 65536).

    Parameters
    ----------
    bits : less than 2^32 of them
    rows : (65536,)
        For each upper half the table in which it is counted, or `tables` where it is not.
    """
    counts = np.zeros(tables * HALF, np.uint32)
    for start in range(0, bits.size, _BLOCK):
        np.add.at(counts, _cells(bits[start : start + _BLOCK], rows, tables)[0], np.uint32(1))
    return counts.reshape(tables, HALF)


def _rows_of(uppers: Counts) -> NDArray[np.uint16]:
    rows = np.full(HALF, uppers.size, np.uint16)
    rows[uppers] = np.arange(uppers.size, dtype=np.uint16)
    return rows


def _cells(bits: NDArray[np.uint32], rows: NDArray[np.uint16], tables: int) -> tuple[Counts, Counts]:
    row = rows[bits >> 16]
    found = np.flatnonzero(row < tables)
    return row[found].astype(np.int64) << 16 | bits[found] & 0xFFFF, found


def _in_blocks(codes: NDArray[Any], size: int, shift: int = 0) -> Counts:
    counts = np.zeros(size, np.int64)
    for start in range(0, codes.size, _BLOCK):
        counts += np.bincount(codes[start : start + _BLOCK] >> shift, minlength=size)
    return counts
