"""Handing items out to processes, and what is done when one of them dies: the same for every engine that has some."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from prep_core.engine.engine import Lost

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Given = TypeVar("Given", contravariant=True)
Got = TypeVar("Got", covariant=True)


@dataclass(frozen=True, slots=True)
class Died:
    """In place of an answer: the process that had the item died, because of it or of another one."""

    why: str


class Crew(Protocol[Given, Got]):
    """Processes that all know one task."""

    def has_room(self) -> bool:
        """Whether another item can be given without piling up."""

    def give(self, place: int, item: Given) -> None:
        """Let one of the processes do its task on `item`."""

    def answers(self) -> Sequence[tuple[int, Got | Died]]:
        """What is ready by now, at least one; waits for it.  What the task raised is raised."""


@dataclass(frozen=True)
class _Suspect(Generic[Item]):
    place: int
    item: Item


def in_rounds(crew: Crew[Item, Answer], items: Iterable[Item]) -> Iterator[tuple[int, Answer | Lost]]:
    """The place of each item and its answer, as they get ready.

    What a dead process had is done again when all others are at rest, one item at a time: it may have died of an item
    beside it, or because several together took all memory.  The item whose process dies even so is answered `Lost`.
    """
    following = enumerate(items)
    given: dict[int, Item] = {}
    suspects: list[_Suspect[Item]] = []
    while True:
        if not suspects:
            given |= _handed_out(crew, following)
        if given:
            for place, answer in crew.answers():
                item = given.pop(place)
                if isinstance(answer, Died):
                    suspects.append(_Suspect(place, item))
                else:
                    yield place, answer
        elif suspects:
            yield _alone(crew, suspects.pop())
        else:
            return


def _handed_out(crew: Crew[Item, Answer], following: Iterator[tuple[int, Item]]) -> dict[int, Item]:
    given = {}
    while crew.has_room() and (one := next(following, None)) is not None:
        crew.give(*one)
        given[one[0]] = one[1]
    return given


def _alone(crew: Crew[Item, Answer], suspect: _Suspect[Item]) -> tuple[int, Answer | Lost]:
    crew.give(suspect.place, suspect.item)
    ((place, answer),) = crew.answers()
    return place, Lost(answer.why) if isinstance(answer, Died) else answer
