"""Hundreds of percentiles at once: the distribution of the voxels as a curve.

`Percentiles` keeps a table of 512 kB for each percentile; here a float32, as an unsigned integer in the order of its
values, is counted by its upper 16 bits, then by the next 8 and then by the last 8 of those that hold a wanted rank.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.counting import HALF, counts_of_upper
from prep_core.kernels.keys import NO_ROW, cells_of, counts_of_bytes, in_order, keys_of, values_of
from prep_core.measure.ranks import interpolated, neighbours, places_of

Counts = NDArray[np.int64]

_BITS = (16, 8, 8)
"""Of the digit that is counted in each pass."""


class QuantileCurve:
    """`name`: the percentiles of all voxels taken, by NumPy's `linear` method, exact, as a float32 curve.

    Parameters
    ----------
    name : str
    percents : sequence of float
        0 to 100.

    Notes
    -----
    Three passes.  Takes 512 kB, and 4 kB for each percentile.  All numbers are measured as float32, in which steps
    compute.
    """

    def __init__(self, name: str, percents: Sequence[float]) -> None:
        self.count = 0
        self.names = (name,)
        self._percents = tuple(percents)
        self._total = 0
        self._pass = 0
        self._prefixes = np.zeros(1, np.uint32)
        self._found: list[NDArray[np.uint16]] = []  # for each cell of earlier tables, its row in the next one
        self._table = np.zeros((1, HALF), np.int64)
        self._left = self._rows = np.zeros(0, np.int64)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        if self._pass == len(_BITS):
            return
        if self._pass == 0:
            self.count += values.size
            self._total += weight * values.size
            self._table[0] += weight * in_order(counts_of_upper(values))
        else:
            self._table += weight * counts_of_bytes(values, *self._rows_of_bytes(), len(self._table))

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        if self._pass == len(_BITS):
            return
        if self._pass == 0:
            self.count += int(counts.sum())
            self._total += int(counts.sum())
            np.add.at(self._table[0], keys_of(values) >> 16, counts)
        else:
            cells, found = cells_of(keys_of(values), *self._rows_of_bytes())
            np.add.at(self._table.reshape(-1), cells, counts[found])

    def merge(self, other: Self) -> None:
        if self._pass == len(_BITS):
            return
        if self._pass == 0:
            self.count += other.count
            self._total += other._total
        self._table = self._table + other._table

    def again(self) -> bool:
        if self._pass == len(_BITS):
            return False
        if self._pass == 0:
            self._left = neighbours(places_of(self._percents, self._total), self._total)
            self._rows = np.zeros(self._left.size, np.int64)
        self._find_digits()
        self._pass += 1
        if self._pass == len(_BITS):
            return False
        self._table = np.zeros((self._prefixes.size, 1 << _BITS[self._pass]), np.int64)
        return True

    def finish(self) -> dict[str, NDArray[np.float32]]:
        values = values_of(self._prefixes)[self._rows].astype(np.float64)
        below, above = np.split(values, 2)
        places = places_of(self._percents, self._total)
        return {self.names[0]: interpolated(below, above, places - np.floor(places)).astype(np.float32)}

    def _rows_of_bytes(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """The row of the table in which a voxel is counted: by its upper half, in the last pass by one byte more."""
        return self._found[0], self._found[1] if len(self._found) > 1 else np.zeros(0, np.uint16)

    def _find_digits(self) -> None:
        """One more digit of the value at every rank, and how many ranks are left below it in there."""
        bits = _BITS[self._pass]
        ends = np.cumsum(self._table)
        starts = ends - self._table.reshape(-1)
        ranks = self._left + starts[self._rows << bits]
        cells = np.searchsorted(ends, ranks, side="right")
        self._left = ranks - starts[cells]
        wanted, self._rows = np.unique(cells, return_inverse=True)
        digits = (wanted & ((1 << bits) - 1)).astype(np.uint32)
        self._prefixes = self._prefixes[wanted >> bits] << np.uint32(bits) | digits
        rows = np.full(self._table.size, NO_ROW, np.uint16)
        rows[wanted] = np.arange(wanted.size)
        self._found.append(rows)
