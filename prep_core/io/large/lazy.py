"""An array that is read a part at a time, and what readers do to arrays, done to each part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prep_core.io.large.layout import Region, blocks
from prep_core.io.values import Scaled, scale, value_type

Read = Callable[[Region], NDArray[Any]]
Change = Callable[[NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True)
class Lazy:
    """An array whose numbers are in a file.

    Attributes
    ----------
    shape, dtype
        Of the whole; the type in native byte order.
    grain : tuple of int
        Along each axis, how many are stored together: parts of whole multiples are read fastest.
    read : callable
        The numbers of a region: a slice with start and stop for each axis.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    grain: tuple[int, ...]
    read: Read

    @property
    def stand_in(self) -> NDArray[Any]:
        """An array of the same shape and type that repeats one element and takes no memory."""
        return stand_in(self.shape, self.dtype)

    def transposed(self, order: Sequence[int]) -> Self:
        """As `numpy.transpose`."""
        back = np.argsort(order)

        def read(region: Region) -> NDArray[Any]:
            return self.read(tuple(region[i] for i in back)).transpose(order)

        return replace(
            self,
            shape=tuple(self.shape[i] for i in order),
            grain=tuple(self.grain[i] for i in order),
            read=read,
        )

    def reshaped(self, shape: Sequence[int]) -> Self:
        """With other axes of length 1 between those that are longer, which stay."""
        old, new = ([i for i, n in enumerate(sizes) if n > 1] for sizes in (self.shape, shape))
        if [self.shape[i] for i in old] != [shape[i] for i in new]:
            raise ValueError(f"only axes of length 1 may differ, got {self.shape} and {tuple(shape)}")

        def read(region: Region) -> NDArray[Any]:
            own = [slice(0, 1)] * len(self.shape)
            for i, j in zip(old, new, strict=True):
                own[i] = region[j]
            return self.read(tuple(own)).reshape([s.stop - s.start for s in region])

        grain = [1] * len(shape)
        for i, j in zip(old, new, strict=True):
            grain[j] = self.grain[i]
        return replace(self, shape=tuple(shape), grain=tuple(grain), read=read)

    def first(self, count: int, axis: int) -> Self:
        """Without what comes after `count` along an axis."""
        shape = tuple(count if i == axis else n for i, n in enumerate(self.shape))
        grain = tuple(min(g, n) for g, n in zip(self.grain, shape, strict=True))
        return replace(self, shape=shape, grain=grain)

    def as_type(self, dtype: np.dtype[Any]) -> Self:
        """As `numpy.ndarray.astype`."""
        return replace(self, dtype=dtype, read=lambda region: self.read(region).astype(dtype, copy=False))

    def scaling(self, slope: float, intercept: float) -> tuple[np.dtype[Any], Change]:
        """What `prep_core.io.values.rescaled` does: the type of integers depends on the ends of all of them."""
        if slope == 1 and intercept == 0:
            return self.dtype, unchanged
        every: list[Scaled] = [(*ends, slope, intercept) for ends in self._ends()]
        kind = value_type(self.dtype, every)
        return kind, partial(scale, slope=slope, intercept=intercept, kind=kind)

    def parts(self) -> Iterator[NDArray[Any]]:
        """All of it, part by part."""
        return (self.read(region) for region in blocks(self.shape, self.grain))

    def _ends(self) -> list[tuple[int, int]]:
        """Smallest and largest number of each part; the type of floats depends on neither."""
        if self.dtype.kind not in "iu":
            return [(0, 0)]
        return [(int(part.min()), int(part.max())) for part in self.parts()]


def unchanged(part: NDArray[Any]) -> NDArray[Any]:
    return part


def stand_in(shape: Sequence[int], dtype: np.dtype[Any]) -> NDArray[Any]:
    """An array that repeats a zero and takes no memory."""
    return np.broadcast_to(np.zeros((), dtype), shape)
