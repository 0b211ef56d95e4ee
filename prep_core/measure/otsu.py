"""Otsu's threshold in two passes: the range, then a histogram."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from prep_core.kernels.counting import HALF, counts_of_integers, has_few_bits
from prep_core.kernels.extremes import ends_of
from prep_core.kernels.histogram import counted_bins, equal_bins

_BINS = 256
_INTEGERS = 1 << 20  # 8 MB of counts
_BLOCK = 1 << 18


class Otsu:
    """`threshold` of all voxels taken: what lies above it is foreground (Otsu 1979); NaN where they are all equal.

    Notes
    -----
    Integers are counted value by value, as long as they span at most 2^20 of them, and everything else in 256 equal
    bins from the smallest to the largest value, in float64: the threshold is that of scikit-image's `threshold_otsu`.

    References
    ----------
    N. Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
    Cybernetics 9:62, 1979.
    """

    def __init__(self) -> None:
        self.count = 0
        self._low, self._high = np.inf, -np.inf
        self._only_integers = True
        self._counts: NDArray[np.int64] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return ("threshold",)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        if not values.size:
            return
        if self._counts is not None:
            self._counts += weight * self._histogram(values)
            return
        self.count += values.size
        self._take_ends(values)

    def update_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        values, counts = values[counts > 0], counts[counts > 0]
        if not values.size:
            return
        if self._counts is None:
            self.count += int(counts.sum())
            self._take_ends(values)
        elif self._by_value:
            np.add.at(self._counts, values.astype(np.int64) - int(self._low), counts)
        else:
            self._counts += counted_bins(values, counts, self._low, self._high, _BINS)

    def merge(self, other: Self) -> None:
        if self._counts is not None and other._counts is not None:
            self._counts += other._counts
            return
        self.count += other.count
        self._only_integers &= other._only_integers
        self._low, self._high = min(self._low, other._low), max(self._high, other._high)

    def again(self) -> bool:
        if self._counts is not None or not self._low < self._high:
            return False
        self._counts = np.zeros(self._bins, np.int64)
        return True

    def finish(self) -> dict[str, float]:
        if self._counts is None:
            return {"threshold": float("nan")}
        return {"threshold": float(threshold_otsu(hist=(self._counts, self._centres())))}

    def _take_ends(self, values: NDArray[Any]) -> None:
        self._only_integers &= values.dtype.kind in "iu"
        low, high = ends_of(values)
        self._low, self._high = min(self._low, low), max(self._high, high)

    @property
    def _by_value(self) -> bool:
        return self._only_integers and self._high - self._low < _INTEGERS

    @property
    def _bins(self) -> int:
        return int(self._high - self._low) + 1 if self._by_value else _BINS

    def _histogram(self, values: NDArray[Any]) -> NDArray[np.int64]:
        if not self._by_value:
            # In float64, where the middle of a bin between two of the largest float32 does not overflow.
            return equal_bins(values, self._low, self._high, _BINS)
        low, counts = int(self._low), np.zeros(self._bins, np.int64)
        if has_few_bits(values) and values.size > HALF:
            lowest, found = counts_of_integers(values)
            came = np.flatnonzero(found)
            counts[came + lowest - low] = found[came]
            return counts
        for start in range(0, values.size, _BLOCK):
            block = values[start : start + _BLOCK].astype(np.int64)
            counts += np.bincount(block - low, minlength=counts.size)
        return counts

    def _centres(self) -> NDArray[Any]:
        if self._by_value:
            return np.arange(self._bins) + int(self._low)
        edges = np.linspace(self._low, self._high, _BINS + 1)
        centres: NDArray[Any] = (edges[:-1] + edges[1:]) / 2
        return centres
