"""The tally of a line, added up over the blocks of a scan."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.scan import Scan

MOST_DIFFERENT = 2**24
"""Different values that are kept, of types other than float32: 128 MB of float64."""

_PAGE = 1 << 16
"""Neighbouring float32 numbers whose presence is kept together, a bit each."""


class Tally:
    """What happened in one line, in numbers.  Numbers of blocks add up, but for those of different values."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._sums: dict[str, float] = {}
        self._different: dict[str, Different] = {}
        self.valid = 0

    def add(self, before: Scan, after: Scan) -> None:
        """Count one block, before and after the line."""
        spec, params = self._line.spec, self._line.params
        self.valid += int(np.count_nonzero(after.valid))
        if spec.tally is None:
            return
        for name, number in spec.tally(before, after, params).items():
            self._sums[name] = self._sums.get(name, 0) + number
        if spec.distinct:
            for name, values in spec.distinct(before, after).items():
                self._different.setdefault(name, Different()).add(values)

    def merge(self, other: Self) -> None:
        """Count the blocks that `other` counted, too."""
        self.valid += other.valid
        for name, number in other._sums.items():
            self._sums[name] = self._sums.get(name, 0) + number
        for name, different in other._different.items():
            self._different.setdefault(name, Different()).merge(different)

    def plain(self) -> Mapping[str, float]:
        """As `Step.tally` gives it for the whole scan."""
        return dict(self._sums) | {name: different.count for name, different in self._different.items()}


class Different:
    """How many different values there are among all that were added."""

    def __init__(self) -> None:
        self._pages: dict[int, NDArray[np.uint8]] = {}
        self._others: NDArray[Any] | None = None

    def add(self, values: NDArray[Any]) -> None:
        if values.dtype == np.float32:
            self._add_floats(values)
            return
        self._add_others(np.unique_values(values))

    def merge(self, other: Self) -> None:
        """Add what was added to `other`."""
        for page, bits in other._pages.items():
            self._pages[page] = self._pages[page] | bits if page in self._pages else bits
        if other._others is not None:
            self._add_others(other._others)

    @property
    def count(self) -> int:
        ones = sum(int(np.bitwise_count(page).sum()) for page in self._pages.values())
        return ones + (0 if self._others is None else self._others.size)

    def _add_others(self, new: NDArray[Any]) -> None:
        self._others = new if self._others is None else np.union1d(self._others, new)
        if self._others.size > MOST_DIFFERENT:
            raise ValueError(
                f"counts its different values, and this scan has more than {MOST_DIFFERENT:,} of {new.dtype}, too "
                "many to remember; put a rescale above it"
            )

    def _add_floats(self, values: NDArray[np.float32]) -> None:
        # With 0 added, the two zeros are one.
        keys = np.unique((values + np.float32(0)).reshape(-1).view(np.uint32))
        pages, starts = np.unique(keys // _PAGE, return_index=True)
        for page, own in zip(pages.tolist(), np.split(keys % _PAGE, starts[1:]), strict=True):
            there = np.zeros(_PAGE, bool)
            there[own] = True
            bits = np.packbits(there)
            self._pages[page] = self._pages[page] | bits if page in self._pages else bits
