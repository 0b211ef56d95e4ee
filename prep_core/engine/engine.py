"""What every engine can do, and the simplest one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of an answer: the process that worked on the task died, twice."""

    why: str


class EngineError(ValueError):
    """An engine cannot work, or not with the same bytes as here; the sentence says what to do."""


class Engine(Protocol):
    """Carries out one function on many things.

    Function, things and answers travel between processes: they can be pickled, and are small.
    """

    def each(self, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer | Lost]]:
        """The place of each item, from 0, and what `task` gives for it, as they get ready: in any order.

        What `task` raises ends the iteration, and is raised here.
        """


class Here:
    """One task after the other, in this process."""

    def each(self, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer | Lost]]:
        for place, item in enumerate(items):
            yield place, task(item)
