"""Whose memory an array shows, how much of it there is to look at, and memory that is used again."""

import sys
from functools import cache
from math import prod
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray


def owner_of(part: Any) -> Any:
    """The array whose memory `part` shows; anything else is its own."""
    while isinstance(part, np.ndarray) and isinstance(part.base, np.ndarray):
        part = part.base
    return part


def all_true(mask: NDArray[np.bool_]) -> bool:
    """Whether `mask` is True everywhere; where one element stands for all, as in most masks, that one is looked at."""
    stands_for_all = mask.size > 0 and not any(mask.strides)
    return bool(mask.flat[0] if stands_for_all else mask.all())


class UsedAgain:
    """Memory of large arrays, which goes to the next one of the same size when nothing shows it any more.

    A system hands out memory filled with zeros, page by page, which takes longer than a pass over a volume.  Whatever
    shows memory refers to the array that owns it, so that one to which only this object refers is shown by nothing.

    Parameters
    ----------
    least, most : int
        Bytes of an array whose memory is worth keeping (smaller ones are kept by the C library), and of all that is
        kept.
    """

    def __init__(self, least: int = 1 << 25, most: int = 1 << 27) -> None:
        self._least, self._most = least, most
        self._owners: list[NDArray[np.float32]] = []
        self._lock = Lock()

    def empty(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """An array with anything in it, as `np.empty` gives."""
        voxels = prod(shape)
        if not self._least <= 4 * voxels <= self._most:
            return np.empty(shape, np.float32)
        with self._lock:
            owner = self._unseen(voxels)
            if owner is None:
                owner = np.empty(voxels, np.float32)
            self._owners.append(owner)
            while sum(each.nbytes for each in self._owners) > self._most:
                del self._owners[0]
            return owner.reshape(shape)

    def let_go(self) -> None:
        """Give back what nothing shows, and keep nothing of what something still shows."""
        with self._lock:
            self._owners.clear()

    def _unseen(self, voxels: int) -> NDArray[np.float32] | None:
        """Memory for so many voxels that nothing shows, taken out of the list."""
        for i, references in enumerate(_references(self._owners)):
            if references == _references_of_a_list() and self._owners[i].size == voxels:
                return self._owners.pop(i)
        return None


def _references(owners: list[NDArray[np.float32]]) -> list[int]:
    return [sys.getrefcount(owner) for owner in owners]


@cache
def _references_of_a_list() -> int:
    """What `_references` counts where nothing but the list refers to an array."""
    return _references([np.empty(0, np.float32)])[0]


@cache
def used_again() -> UsedAgain:
    """The memory of this process that is used again."""
    return UsedAgain()
