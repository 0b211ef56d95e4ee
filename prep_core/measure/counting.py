"""What one pass over the voxels counts exactly: how many, the ends of their range, a share, a histogram."""

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.extremes import ends_of
from prep_core.kernels.histogram import counted_bins, equal_bins
from prep_core.kernels.keys import counts_between
from prep_core.kernels.pieces import each_piece
from prep_core.measure.compared import at_most, below

Counts = NDArray[np.int64]


class Voxels:
    """`voxels`, how many were taken, however much each weighs."""

    names = ("voxels",)

    def __init__(self) -> None:
        self.count = 0

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        self.count += int(counts.sum())

    def merge(self, other: Self) -> None:
        self.count += other.count

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, int]:
        return {"voxels": self.count}


class Extremes:
    """`low` and `high`, the smallest and the largest of all voxels taken, however much each weighs."""

    names = ("low", "high")

    def __init__(self) -> None:
        self.count = 0
        self._low = np.inf
        self._high = -np.inf

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size
        self._take(values)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        self.count += int(counts.sum())
        self._take(values[counts > 0])

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._low = min(self._low, other._low)
        self._high = max(self._high, other._high)

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, float]:
        # Of 0 and -0, which are equal, the one that came first was kept; the sum makes both 0.
        return {"low": self._low + 0.0, "high": self._high + 0.0}

    def _take(self, values: NDArray[Any]) -> None:
        low, high = ends_of(values)
        self._low, self._high = min(self._low, low), max(self._high, high)


class Shares:
    """`shares`, from 0 to 1, of the voxels that are smaller than each of the `limits`, or equal to it if it counts too.

    Parameters
    ----------
    limits : (points,) array_like
        Increasing.
    including : bool
        Whether a voxel that is equal to a limit is within it.

    Notes
    -----
    Takes 8 bytes a limit.  Voxels are compared as float32, in which steps compute.
    """

    names = ("limits", "shares")

    def __init__(self, limits: NDArray[Any] | list[float], including: bool) -> None:
        self.count = 0
        self._limits = np.asarray(limits, dtype=np.float64)
        self._side: Literal["left", "right"] = "left" if including else "right"
        self._counts = np.zeros(self._limits.size + 1, np.int64)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size
        self._counts += weight * self._counted(values)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        self.count += int(counts.sum())
        np.add.at(self._counts, self._places(values), counts)

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._counts += other._counts

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, NDArray[np.float64]]:
        return {"limits": self._limits, "shares": np.cumsum(self._counts[:-1]) / self._counts.sum()}

    def _counted(self, values: NDArray[Any]) -> Counts:
        if self._limits.size > 1:
            return counts_between(values, self._limits, self._side == "left")
        within = at_most if self._side == "left" else below
        found = each_piece(values, np.float32, lambda piece: np.count_nonzero(within(piece, self._limits[0])))
        return np.array([sum(found), values.size - sum(found)])

    def _places(self, values: NDArray[Any]) -> Counts:
        return np.searchsorted(self._limits, values.astype(np.float32), side=self._side)


class Histogram:
    """`counts` in equal bins from `low` to `high`, both included; voxels outside are left out.

    Notes
    -----
    The bins are those of ``numpy.histogram`` on float64; where low and high are equal all is in the first.  Takes 8
    bytes a bin.
    """

    names = ("counts",)

    def __init__(self, low: float, high: float, bins: int) -> None:
        self.count = 0
        self._range = (low, high)
        self._counts = np.zeros(bins, np.int64)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size
        if self._range[0] == self._range[1]:
            self._counts[0] += weight * np.count_nonzero(values == self._range[0])
        elif values.size:
            self._counts += weight * equal_bins(values, *self._range, self._counts.size)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        self.count += int(counts.sum())
        if self._range[0] == self._range[1]:
            self._counts[0] += counts[values == self._range[0]].sum()
        elif values.size:
            self._counts += counted_bins(values, counts, *self._range, self._counts.size)

    def merge(self, other: Self) -> None:
        self.count += other.count
        self._counts += other._counts

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, Any]:
        return {"counts": self._counts}
