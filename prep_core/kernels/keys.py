"""Floats counted by keys: their bits as unsigned integers in the order of the values, -0 below 0."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.counting import HALF, bits_of
from prep_core.kernels.pieces import counted
from prep_core.kernels.switch import kernel

Bits = NDArray[np.uint32]
Counts = NDArray[np.int64]
Rows = NDArray[np.uint16]

NO_ROW = (1 << 16) - 1

_BLOCK = 1 << 18
_SIGN = np.uint32(1 << 31)


def keys_of(values: NDArray[Any]) -> Bits:
    """The keys of (n,) real numbers as float32."""
    return _keys(bits_of(values))


def values_of(keys: Bits) -> NDArray[np.float32]:
    """The float32 that have these keys."""
    return np.where(keys & _SIGN, keys ^ _SIGN, ~keys).view(np.float32)


def in_order(upper: Counts) -> Counts:
    """Counts by the upper half of the bits, (65536,), as counts by the upper half of the keys."""
    return np.concatenate([upper[: HALF // 2 - 1 : -1], upper[: HALF // 2]])


def counts_of_bytes(values: NDArray[Any], rows: Rows, next_rows: Rows, tables: int) -> Counts:
    """How many of (n,) real numbers have each value of a byte of their key: (tables, 256); see `by_key_byte`."""
    return counted(values, np.float32, lambda piece: by_key_byte(piece.view(np.uint32), rows, next_rows, tables))


def counts_between(values: NDArray[Any], limits: NDArray[np.float64], including: bool) -> Counts:
    """How many of (n,) real numbers, as float32, lie between neighbours of (m,) increasing limits: (m + 1,).

    Parameters
    ----------
    including : bool
        Whether a number that is equal to a limit counts below it.
    """
    thresholds = _thresholds(limits, including)
    return counted(values, np.float32, lambda piece: by_threshold(piece.view(np.uint32), thresholds))


@kernel
def by_key_byte(bits: Bits, rows: Rows, next_rows: Rows, tables: int) -> Counts:
    """How many of (n,) float32, as bits, have each value of the third or the fourth byte of their key: (tables, 256).

    Parameters
    ----------
    rows : (65536,)
        For each upper half of a key the table in which its third byte is counted; NO_ROW where it is not.
    next_rows : (256 * tables of `rows`,)
        For each cell of these tables the one in which the fourth byte is counted instead.  Empty: count the third.
    """
    counts = np.zeros(tables << 8, np.int64)
    for start in range(0, bits.size, _BLOCK):
        cells, _ = cells_of(_keys(bits[start : start + _BLOCK]), rows, next_rows)
        counts += np.bincount(cells, minlength=counts.size)
    return counts.reshape(tables, 256)


def cells_of(keys: Bits, rows: Rows, next_rows: Rows) -> tuple[Counts, Counts]:
    """Where in the flat tables of `by_key_byte` the keys are counted, and which of the keys those are."""
    row = rows[keys >> 16]
    found = np.flatnonzero(row != NO_ROW)
    cells = (row[found].astype(np.int64) << 8) + (keys[found] >> 8 & 0xFF)
    if next_rows.size:
        row = next_rows[cells]
        found, row = found[row != NO_ROW], row[row != NO_ROW]
        cells = (row.astype(np.int64) << 8) + (keys[found] & 0xFF)
    return cells, found


@kernel
def by_threshold(bits: Bits, thresholds: Bits) -> Counts:
    """How many of (n,) float32, as bits, have a key from each of (m,) increasing thresholds to the next: (m + 1,)."""
    counts = np.zeros(thresholds.size + 1, np.int64)
    for start in range(0, bits.size, _BLOCK):
        places = np.searchsorted(thresholds, _keys(bits[start : start + _BLOCK]), side="right")
        counts += np.bincount(places, minlength=counts.size)
    return counts


def _keys(bits: Bits) -> Bits:
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _thresholds(limits: NDArray[np.float64], including: bool) -> Bits:
    """The smallest key of a float32 that is not below the limit, or not at most the limit."""
    with np.errstate(over="ignore"):
        near = limits.astype(np.float32)
        if including:
            near = np.where(near > limits, np.nextafter(near, np.float32(-np.inf)), near)
            return keys_of(near + np.float32(0)) + np.uint32(1)
        near = np.where(near < limits, np.nextafter(near, np.float32(np.inf)), near)
        return keys_of(np.where(near == 0, np.float32(-0.0), near))
