"""Hundreds of percentiles at once: the distribution of the voxels as a curve.

`Percentiles` keeps a table of 512 kB for each percentile; here a float32, as an unsigned integer in the order of its
values, is counted by its upper 16 bits, then by the next 8 and then by the last 8 of those that hold a wanted rank.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.measure.percentiles import interpolated, neighbours, places_of

Keys = NDArray[np.uint32]
Counts = NDArray[np.int64]

_BLOCK = 1 << 18
_SIGN = np.uint32(1 << 31)
_DIGITS = ((16, 16), (8, 8), (0, 8))
"""For each pass, the lowest bit of the digit that is counted, and how many bits it has."""


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
        self._table = np.zeros((1, 1 << _DIGITS[0][1]), np.int64)
        self._left = self._rows = np.zeros(0, np.int64)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        if self._pass == len(_DIGITS):
            return
        if self._pass == 0:
            self.count += values.size
            self._total += weight * values.size
        for start in range(0, values.size, _BLOCK):
            self._count(_keys(values[start : start + _BLOCK]), weight)

    def merge(self, other: Self) -> None:
        if self._pass == len(_DIGITS):
            return
        if self._pass == 0:
            self.count += other.count
            self._total += other._total
        self._table = self._table + other._table

    def again(self) -> bool:
        if self._pass == len(_DIGITS):
            return False
        if self._pass == 0:
            self._left = neighbours(places_of(self._percents, self._total), self._total)
            self._rows = np.zeros(self._left.size, np.int64)
        self._find_digits()
        self._pass += 1
        if self._pass == len(_DIGITS):
            return False
        self._table = np.zeros((self._prefixes.size, 1 << _DIGITS[self._pass][1]), np.int64)
        return True

    def finish(self) -> dict[str, NDArray[np.float32]]:
        values = _values(self._prefixes)[self._rows].astype(np.float64)
        below, above = np.split(values, 2)
        places = places_of(self._percents, self._total)
        return {self.names[0]: interpolated(below, above, places - np.floor(places)).astype(np.float32)}

    def _count(self, keys: Keys, weight: int) -> None:
        shift, bits = _DIGITS[self._pass]
        # In 64 bits, where a shift by 32 leaves 0.
        prefixes = (keys.astype(np.uint64) >> np.uint64(shift + bits)).astype(np.uint32)
        rows = np.minimum(np.searchsorted(self._prefixes, prefixes), self._prefixes.size - 1)
        hit = self._prefixes[rows] == prefixes
        digits = (keys[hit] >> np.uint32(shift)) & np.uint32((1 << bits) - 1)
        cells = (rows[hit] << bits) + digits
        self._table += weight * np.bincount(cells, minlength=self._table.size).reshape(self._table.shape)

    def _find_digits(self) -> None:
        """One more digit of the value at every rank, and how many ranks are left below it in there."""
        bits = _DIGITS[self._pass][1]
        ends = np.cumsum(self._table)
        starts = ends - self._table.reshape(-1)
        ranks = self._left + starts[self._rows << bits]
        cells = np.searchsorted(ends, ranks, side="right")
        self._left = ranks - starts[cells]
        digits = (cells & ((1 << bits) - 1)).astype(np.uint32)
        keys = (self._prefixes[cells >> bits] << np.uint32(bits)) | digits
        self._prefixes, self._rows = np.unique(keys, return_inverse=True)


def _keys(values: NDArray[Any]) -> Keys:
    """Unsigned integers in the order of the values."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _values(keys: Keys) -> NDArray[np.float32]:
    return np.where(keys & _SIGN, keys ^ _SIGN, ~keys).view(np.float32)
