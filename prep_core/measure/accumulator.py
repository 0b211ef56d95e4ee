"""What every accumulator can do."""

from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Accumulator(Protocol):
    """Takes voxels in any portions, merges with its like, and answers with named numbers."""

    @property
    def count(self) -> int:
        """How many voxels were taken in one pass, however much each weighs."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers."""

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        """Take `values`: a 1-D array of real, finite numbers; per pixel an image, NaN where a voxel does not count.

        Each counts as if it came `weight` times.
        """

    def merge(self, other: Self) -> None:
        """Take all that `other` took in the same pass."""

    def again(self) -> bool:
        """Whether the same voxels must be given once more; if so, get ready for them."""

    def finish(self) -> dict[str, Any]:
        """The answers: each a float, or a float32 array for a curve (1-D) or an image."""


@runtime_checkable
class Countable(Accumulator, Protocol):
    """An accumulator that also takes values by how often each occurs."""

    def update_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Take (n,) `values` as if each came as often as (n,) `counts` says; they may repeat, in any order."""


def countable(accumulator: Accumulator) -> Countable:
    """`accumulator`, which must be one that takes values by how often each occurs."""
    if not isinstance(accumulator, Countable):
        raise TypeError(f"{type(accumulator).__name__} needs the voxels themselves, and is given how often each comes")
    return accumulator


class Fixed:
    """Numbers that need no measuring, in the shape of a measurement."""

    def __init__(self, **numbers: float) -> None:
        self.count = 0
        self._numbers = numbers

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def update(self, values: NDArray[Any], weight: int = 1) -> None:
        self.count += values.size

    def update_counted(self, values: NDArray[Any], counts: NDArray[np.int64]) -> None:
        self.count += int(counts.sum())

    def merge(self, other: Self) -> None:
        self.count += other.count

    def again(self) -> bool:
        return False

    def finish(self) -> dict[str, float]:
        return dict(self._numbers)
