"""Counts that take little room where little was counted."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


class Tally:
    """How often each of `size` places was counted: kept as a list while few are, and then as a table."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._listed: list[tuple[Counts, Counts]] = []
        self._table: Counts | None = None

    def add(self, places: Counts, counts: Counts) -> None:
        """Add (n,) `counts` to those of (n,) `places`, which may repeat."""
        if self._table is not None:
            np.add.at(self._table, places, counts)
            return
        self._listed.append((places, counts))
        # Of an entry of the list there are two numbers, of one of the table one.
        if 2 * sum(listed.size for listed, _ in self._listed) > self._size:
            self._table = np.zeros(self._size, np.int64)
            for listed in self._listed:
                np.add.at(self._table, *listed)
            self._listed = []

    def merge(self, other: Self) -> None:
        """Add all that `other` counted."""
        self.add(*other.found())

    def found(self) -> tuple[Counts, Counts]:
        """The places that were counted, increasing, and how often each was."""
        if self._table is not None:
            places = np.flatnonzero(self._table)
            return places, self._table[places]
        empty = np.zeros(0, np.int64)
        listed, counts = (np.concatenate([empty, *part]) for part in zip((empty, empty), *self._listed, strict=True))
        places, rows = np.unique(listed, return_inverse=True)
        totals = np.zeros(places.size, np.int64)
        np.add.at(totals, rows, counts)
        return places, totals
