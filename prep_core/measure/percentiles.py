"""Exact percentiles by counting, never by sorting.

Integers of up to 16 bits are counted value by value.  Floats are counted twice by their bits: a float32 read as an
unsigned integer, with the sign bit flipped (all bits for a negative), is in the order of its value.  The first pass
counts the upper 16 bits, the second the lower 16 bits of those few upper halves that hold a wanted rank.  Counts add
up, so portions may come in any order and merge in any grouping, and the answer does not move by one bit.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.counting import (
    HALF,
    bits_of,
    cells_of_lower,
    counts_of_integers,
    counts_of_lower,
    counts_of_upper,
    has_few_bits,
)
from prep_core.kernels.keys import in_order, keys_of, values_of
from prep_core.measure.ranks import interpolated, neighbours, places_of
from prep_core.measure.tally import Tally

Counts = NDArray[np.int64]

_LOWEST = -(1 << 15)  # integer counts run from int16's lowest to uint16's highest
_INTEGERS = HALF - _LOWEST


@dataclass(frozen=True, eq=False)
class Counted:
    """What the first pass of `Percentiles` counted: the same whichever percentiles are wanted.

    Attributes
    ----------
    voxels, total : how many there were, and how much they weigh together
    integers, upper : counts by value, and by the upper half of the bits; None where no such values came
    """

    voxels: int
    total: int
    integers: Counts | None
    upper: Counts | None

    def distinct(self) -> tuple[NDArray[np.int64], Counts]:
        """The different values among the integers, and how much each weighs."""
        if self.integers is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        places = np.flatnonzero(self.integers)
        return places + _LOWEST, self.integers[places]


class Percentiles:
    """Percentiles of all voxels taken, by NumPy's `linear` method, exact.

    Parameters
    ----------
    **percents : float
        The name of each number wanted, and its percentile, 0 to 100.

    Notes
    -----
    Integers of more than 16 bits and float64 are measured as float32, in which steps compute.
    """

    def __init__(self, **percents: float) -> None:
        self.count = 0
        self._total = 0
        self._percents = percents
        self._integers: Counts | None = None
        self._upper: Counts | None = None
        self._wanted: Counts | None = None  # upper halves
        self._ends = np.zeros(0, np.int64)  # how many voxels come before the end of each upper half, in order
        self._lower = Tally(0)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._percents)

    @property
    def counted(self) -> Counted:
        """What was taken in the first pass."""
        return Counted(self.count, self._total, self._integers, self._upper)

    def recall(self, counted: Counted) -> None:
        """Take the place of the first pass: `counted` is what another one counted over the same voxels."""
        self.count, self._total = counted.voxels, counted.total
        self._integers, self._upper = counted.integers, counted.upper

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        by_value = has_few_bits(values)
        if self._wanted is None:
            self.count += values.size
            self._total += weight * values.size
            if by_value:
                self._integers = _sum(self._integers, weight * _count_integers(values))
            else:
                self._upper = _sum(self._upper, weight * counts_of_upper(values))
        elif not by_value:
            cells, counts = counts_of_lower(values, self._wanted)
            self._lower.add(cells, weight * counts)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        if self._wanted is None:
            self.count += int(counts.sum())
            self._total += int(counts.sum())
            if has_few_bits(values):
                self._integers = _sum(self._integers, _added(values.astype(np.int64) - _LOWEST, counts, _INTEGERS))
            else:
                self._upper = _sum(self._upper, _added(bits_of(values) >> 16, counts))
        elif not has_few_bits(values):
            cells, found = cells_of_lower(values, self._wanted)
            self._lower.add(cells, counts[found])

    def merge(self, other: Self) -> None:
        if self._wanted is not None:
            self._lower.merge(other._lower)
            return
        self.count += other.count
        self._total += other._total
        self._integers = _sum(self._integers, other._integers)
        self._upper = _sum(self._upper, other._upper)

    def again(self) -> bool:
        if self._wanted is not None or self._upper is None:
            return False
        bits, counts = _as_floats(self._integers)
        self._ends = np.cumsum(in_order(self._upper + _added(bits >> 16, counts)))
        places = np.unique(np.searchsorted(self._ends, self._ranks(), side="right"))
        self._wanted = np.where(places < HALF // 2, HALF - 1 - places, places - HALF // 2)
        self._lower = Tally(self._wanted.size * HALF)
        return True

    def finish(self) -> dict[str, float]:
        ranks = self._ranks()
        below, above = np.split(self._values_at(ranks), 2)
        places = places_of(list(self._percents.values()), self._total)
        values = interpolated(below, above, places - np.floor(places))
        return dict(zip(self._percents, values.tolist(), strict=True))

    def _ranks(self) -> Counts:
        return neighbours(places_of(list(self._percents.values()), self._total), self._total)

    def _values_at(self, ranks: Counts) -> NDArray[np.float64]:
        if self._wanted is None:
            integers = np.zeros(_INTEGERS, np.int64) if self._integers is None else self._integers
            return np.searchsorted(np.cumsum(integers), ranks, side="right").astype(np.float64) + _LOWEST
        keys, counts = self._counted_keys(self._wanted)
        ends = np.cumsum(counts)
        places = np.searchsorted(self._ends, ranks, side="right")
        before = np.append(self._ends, 0)[places - 1]  # the last of these for the first place
        start = np.append(ends, 0)[np.searchsorted(keys >> 16, places) - 1]
        found = np.searchsorted(ends, start + ranks - before, side="right")
        return values_of(keys[found]).astype(np.float64)

    def _counted_keys(self, wanted: Counts) -> tuple[NDArray[np.uint32], Counts]:
        """The keys of all values in the wanted upper halves, increasing, some of which repeat, and their counts."""
        cells, counts = self._lower.found()
        bits, more = _as_floats(self._integers)
        known = np.concatenate([(wanted[cells >> 16] << 16 | cells & 0xFFFF).astype(np.uint32), bits])
        keys = keys_of(known.view(np.float32))
        order = np.argsort(keys, kind="stable")  # fast, where they are in runs already
        return keys[order], np.concatenate([counts, more])[order]


def _as_floats(integers: Counts | None) -> tuple[NDArray[np.uint32], Counts]:
    """The bits and the counts of each value that came."""
    counts = np.zeros(0, np.int64) if integers is None else integers
    values = np.flatnonzero(counts)
    return bits_of(values + _LOWEST), counts[values]


def _added(places: NDArray[Any], counts: Counts, size: int = HALF) -> Counts:
    """What `bincount` does, without its weights in float64, which end at 2^53."""
    total = np.zeros(size, np.int64)
    np.add.at(total, places, counts)
    return total


def _sum(a: Counts | None, b: Counts | None) -> Counts | None:
    return b if a is None else a if b is None else a + b


def _count_integers(values: NDArray[Any]) -> Counts:
    lowest, found = counts_of_integers(values)
    counts = np.zeros(_INTEGERS, np.int64)
    counts[lowest - _LOWEST :][: found.size] = found
    return counts
