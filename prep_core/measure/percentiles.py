"""Exact percentiles by counting, never by sorting.

Integers of up to 16 bits are counted value by value.  Floats are counted twice by their bits: a float32 read as an
unsigned integer, with the sign bit flipped (all bits for a negative), is in the order of its value.  The first pass
counts the upper 16 bits, the second the lower 16 bits of those few upper halves that hold a wanted rank.  Counts add
up, so portions may come in any order and merge in any grouping, and the answer does not move by one bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

_HALF = 1 << 16
_BLOCK = 1 << 18  # bincount widens its input to 8 bytes; blocks keep that in the cache
_LOWEST = -(1 << 15)  # integer counts run from int16's lowest to uint16's highest
_INTEGERS = _HALF - _LOWEST


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
        self._lower: dict[int, Counts] | None = None

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
        if self._lower is None:
            self.count += values.size
            self._total += weight * values.size
        if values.dtype.kind in "iub" and values.dtype.itemsize <= 2:
            if self._lower is None:
                self._integers = _sum(self._integers, weight * _count_integers(values))
            return
        bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
        if self._lower is None:
            self._upper = _sum(self._upper, weight * _count_upper(bits))
        else:
            _count_lower(bits, self._lower, weight)

    def merge(self, other: Self) -> None:
        if self._lower is not None and other._lower is not None:
            for upper, counts in other._lower.items():
                self._lower[upper] += counts
            return
        self.count += other.count
        self._total += other._total
        self._integers = _sum(self._integers, other._integers)
        self._upper = _sum(self._upper, other._upper)

    def again(self) -> bool:
        if self._lower is not None or self._upper is None:
            return False
        if self._integers is not None:
            self._upper = self._upper + self._integers_as_floats()[0]
        places = np.searchsorted(np.cumsum(_ascending(self._upper)), self._ranks(), side="right")
        self._lower = {_raw(place): np.zeros(_HALF, np.int64) for place in np.unique(places)}
        return True

    def finish(self) -> dict[str, float]:
        ranks = self._ranks()
        below, above = np.split(self._values_at(ranks), 2)
        places = places_of(list(self._percents.values()), self._total)
        values = interpolated(below, above, places - np.floor(places))
        return dict(zip(self._percents, values.tolist(), strict=True))

    def _ranks(self) -> NDArray[np.int64]:
        return neighbours(places_of(list(self._percents.values()), self._total), self._total)

    def _values_at(self, ranks: NDArray[np.int64]) -> NDArray[np.float64]:
        if self._lower is None or self._upper is None:
            integers = np.zeros(_INTEGERS, np.int64) if self._integers is None else self._integers
            return np.searchsorted(np.cumsum(integers), ranks, side="right").astype(np.float64) + _LOWEST
        _, bits, counts = self._integers_as_floats()
        lower = {upper: floats + _lower_of(bits, counts, upper) for upper, floats in self._lower.items()}
        ends = np.cumsum(_ascending(self._upper))
        return np.array([_value(int(rank), ends, lower) for rank in ranks], dtype=np.float64)

    def _integers_as_floats(self) -> tuple[Counts, NDArray[np.uint32], Counts]:
        """Upper-half counts, and the bits and counts of each value, of the integers taken so far."""
        integers = np.zeros(_INTEGERS, np.int64) if self._integers is None else self._integers
        values = np.flatnonzero(integers)
        bits = (values + _LOWEST).astype(np.float32).view(np.uint32)
        counts = integers[values]
        return _added(bits >> 16, counts), bits, counts


def places_of(percents: Sequence[float], count: int) -> NDArray[np.float64]:
    """Where each percentile lies among `count` sorted values, from 0: between two of them, in general."""
    places: NDArray[np.float64] = (count - 1) * (np.array(percents) / 100)
    return places


def neighbours(places: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The ranks just below all `places`, and then those just above."""
    below = np.minimum(np.floor(places).astype(np.int64), count - 1)  # above 2^53 a place may be rounded up
    return np.concatenate([below, np.minimum(below + 1, count - 1)])


def interpolated(below: NDArray[Any], above: NDArray[Any], part: NDArray[Any]) -> NDArray[np.float64]:
    """NumPy's linear interpolation, which runs from the nearer end."""
    gap = above - below
    between: NDArray[np.float64] = np.where(part < 0.5, below + gap * part, above - gap * (1 - part))
    return between


def _value(rank: int, ends: Counts, lower: dict[int, Counts]) -> float:
    place = int(np.searchsorted(ends, rank, side="right"))
    raw = _raw(place)
    counts = lower[raw] if raw < _HALF // 2 else lower[raw][::-1]
    before = int(ends[place - 1]) if place else 0
    low = int(np.searchsorted(np.cumsum(counts), rank - before, side="right"))
    bits = raw << 16 | (low if raw < _HALF // 2 else _HALF - 1 - low)
    return float(np.uint32(bits).view(np.float32))


def _ascending(upper: Counts) -> Counts:
    """Counts by raw upper half, put in the order of the values: negatives backwards, then positives."""
    return np.concatenate([upper[: _HALF // 2 - 1 : -1], upper[: _HALF // 2]])


def _raw(place: int) -> int:
    """The raw upper half at a place of `_ascending`."""
    return int(_HALF - 1 - place if place < _HALF // 2 else place - _HALF // 2)


def _lower_of(bits: NDArray[np.uint32], counts: Counts, upper: int) -> Counts:
    hit = bits >> 16 == upper
    return _added(bits[hit] & 0xFFFF, counts[hit])


def _added(places: NDArray[Any], counts: Counts) -> Counts:
    """What `bincount` does, without its weights in float64, which end at 2^53."""
    total = np.zeros(_HALF, np.int64)
    np.add.at(total, places, counts)
    return total


def _sum(a: Counts | None, b: Counts | None) -> Counts | None:
    return b if a is None else a if b is None else a + b


def _count_integers(values: NDArray[Any]) -> Counts:
    wide = np.int16 if values.dtype.kind == "i" else np.uint16
    codes = np.ascontiguousarray(values, dtype=wide).view(np.uint16)
    counts = _bincount(codes)
    result = np.zeros(_INTEGERS, np.int64)
    if wide is np.int16:
        result[:_HALF] = np.roll(counts, _HALF // 2)
    else:
        result[-_LOWEST:] = counts
    return result


def _count_upper(bits: NDArray[np.uint32]) -> Counts:
    counts = np.zeros(_HALF, np.int64)
    for start in range(0, bits.size, _BLOCK):
        counts += np.bincount(bits[start : start + _BLOCK] >> 16, minlength=_HALF)
    return counts


def _count_lower(bits: NDArray[np.uint32], lower: dict[int, Counts], weight: int) -> None:
    wanted = np.zeros(_HALF, bool)
    wanted[list(lower)] = True
    for start in range(0, bits.size, _BLOCK):
        block = bits[start : start + _BLOCK]
        hit = block[wanted[block >> 16]]
        for upper, counts in lower.items():
            counts += weight * np.bincount(hit[hit >> 16 == upper] & 0xFFFF, minlength=_HALF)


def _bincount(codes: NDArray[np.uint16]) -> Counts:
    counts = np.zeros(_HALF, np.int64)
    for start in range(0, codes.size, _BLOCK):
        counts += np.bincount(codes[start : start + _BLOCK], minlength=_HALF)
    return counts
