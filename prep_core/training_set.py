"""The scans that a recipe is fitted on, wherever they lie."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from prep_core.scan import Scan

Answer = TypeVar("Answer")


class TrainingSet(Protocol):
    """Scans that are looked at as often as needed, one at a time."""

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        """What `work` gives for each scan, in any order.

        `work` and its answers can be pickled, since a worker far away may do it.
        """


class InMemory:
    """A collection of scans of this process; one that loads lazily is read anew for each look."""

    def __init__(self, scans: Iterable[Scan]) -> None:
        self._scans = list(scans) if isinstance(scans, Iterator) else scans

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        return map(work, self._scans)
