"""Accumulators of what is made of the voxels, or of some of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.choosing import chosen
from prep_core.measure.accumulator import Accumulator, countable
from prep_core.measure.around import Around

Counts = NDArray[np.int64]

_BLOCK = 1 << 21  # what is derived from a block, in float64, takes 16 MB


class Derived(Around):
    """An accumulator of what a function makes of the voxels.

    Parameters
    ----------
    of : callable
        From a 1-D array to another of the same length, value by value.
    member : Accumulator
    """

    def __init__(self, of: Callable[[NDArray[Any]], NDArray[Any]], member: Accumulator) -> None:
        super().__init__(member)
        self._of = of

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        for start in range(0, values.size, _BLOCK):
            self._member.update(self._of(values[start : start + _BLOCK]), weight)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        countable(self._member).update_counted(self._of(values), counts)


class Chosen(Around):
    """An accumulator of some of the voxels.

    Parameters
    ----------
    where : callable
        From a 1-D array to a mask of it.
    member : Accumulator
        Its numbers are NaN where no voxel was chosen.
    """

    def __init__(self, where: Callable[[NDArray[Any]], NDArray[np.bool_]], member: Accumulator) -> None:
        super().__init__(member)
        self._where = where

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        for start in range(0, values.size, _BLOCK):
            block = values[start : start + _BLOCK]
            self._member.update(chosen(block, self._where(block)), weight)

    def update_counted(self, values: NDArray[Any], counts: Counts) -> None:
        """Take each of (n,) `values` as often as (n,) `counts` says."""
        mask = self._where(values)
        countable(self._member).update_counted(values[mask], counts[mask])

    def finish(self) -> dict[str, Any]:
        return self._member.finish() if self.count else dict.fromkeys(self.names, np.nan)
