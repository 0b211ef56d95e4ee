"""What is said of many sessions, from numbers worked out by hand; tests/e2e/test_sessions.py runs a few."""

from dataclasses import replace

import pytest

from tests.reliability.persons import Move, Person
from tests.reliability.sessions import Look, Run, claims

MEBIBYTE = 2**20
MOVES = [Move(100.0 + i, i / 10, i) for i in range(100)]


def run(people: tuple[Person, ...] = (), memory: float = 1000.0, growing: float = 0.0) -> Run:
    """Ten minutes, with a look each minute; `growing` is in MiB a minute."""
    looks = (Look(60.0 * i, int((memory + growing * i) * MEBIBYTE), 3.0 * i, 6.0 * i) for i in range(11))
    return Run(
        people or (Person(0, moves=list(MOVES)), Person(1, moves=[replace(m, picture=-m.picture - 1) for m in MOVES])),
        tuple(looks),
    )


def test_the_95th_percentile_of_all_moves_is_held_against_the_limit() -> None:
    speed, *others = claims(run())
    assert speed.holds
    assert "0.19 s, median 0.15 s (200 moves" in speed.measured
    assert "0.05 with the server, 0.10 with the browsers" in speed.measured
    assert all(figure.holds for figure in others)
    slow = [*MOVES[:94], *(replace(move, ms=2000.0) for move in MOVES[94:])]
    assert not claims(run((Person(0, moves=slow),)))[0].holds
    assert claims(run((Person(0, moves=[*MOVES[:96], *slow[96:]]),)))[0].holds


def test_what_went_wrong_is_told_with_who_saw_it() -> None:
    figure = claims(run((Person(3, moves=list(MOVES), faults=["value is 1, was 2"]),)))[1]
    assert not figure.holds
    assert figure.measured == "1: person 3: value is 1, was 2"


@pytest.mark.parametrize("wrong", [Move(1.0, 0.5, 7000), Move(1.0, 500.0, -8)])
def test_another_picture_of_a_value_and_a_picture_of_somebody_else_are_found(wrong: Move) -> None:
    people = run().people
    assert claims(run(people))[2].holds
    figure = claims(run((replace(people[0], moves=[*MOVES, wrong]), people[1])))[2]
    assert not figure.holds


def test_memory_that_grows_after_the_first_fifth_is_found() -> None:
    # Looks at 2, 3, 4 minutes against 8, 9, 10: 1030 and 1090 MiB.
    figure = claims(run(growing=10.0))[3]
    assert not figure.holds
    assert (
        "1030 MiB in the second fifth of the time, 1090 MiB in the last (+5.8%; +10.0 MiB a minute)" in figure.measured
    )
    assert claims(run(growing=8.0))[3].holds
