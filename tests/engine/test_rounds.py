"""Handing out and trying again, with a crew that dies as the test says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from prep_core.engine import Lost
from prep_core.engine.rounds import Died, in_rounds


@dataclass
class Fragile:
    """Holds up to `room` items; one in `poison` kills it with all that it holds, so many times."""

    room: int
    poison: dict[str, int]
    held: list[tuple[int, str]] = field(default_factory=list)
    rounds: list[list[str]] = field(default_factory=list)

    def has_room(self) -> bool:
        return len(self.held) < self.room

    def give(self, place: int, item: str) -> None:
        self.held.append((place, item))

    def answers(self) -> Sequence[tuple[int, str | Died]]:
        self.rounds.append([item for _, item in self.held])
        died = [item for _, item in self.held if self.poison.get(item, 0) > 0]
        for item in died:
            self.poison[item] -= 1
        found = [(place, Died("gone") if died else item.upper()) for place, item in self.held]
        self.held = []
        return found


def test_every_item_is_answered_at_its_place() -> None:
    assert sorted(in_rounds(Fragile(2, {}), "abcde")) == list(enumerate("ABCDE"))


def test_nothing_to_do_asks_nobody() -> None:
    crew = Fragile(2, {})
    assert list(in_rounds(crew, "")) == []
    assert crew.rounds == []


def test_what_kills_twice_is_lost_and_what_stood_beside_it_is_not() -> None:
    crew = Fragile(2, {"c": 2})
    assert dict(in_rounds(crew, "abcde")) == {0: "A", 1: "B", 2: Lost("gone"), 3: "D", 4: "E"}


def test_what_kills_once_is_answered() -> None:
    assert dict(in_rounds(Fragile(3, {"b": 1}), "abc")) == dict(enumerate("ABC"))


def test_suspects_are_tried_alone_before_others_go_on() -> None:
    crew = Fragile(2, {"a": 1})
    list(in_rounds(crew, "abcd"))
    assert crew.rounds == [["a", "b"], ["b"], ["a"], ["c", "d"]]


def test_items_are_taken_only_as_there_is_room() -> None:
    taken = []

    def items() -> "list[str]":
        for item in "abcdef":
            taken.append(item)
            yield item

    first = next(in_rounds(Fragile(2, {}), items()))
    assert first == (0, "A")
    assert taken == ["a", "b"]
