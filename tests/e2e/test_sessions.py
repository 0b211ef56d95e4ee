"""Sessions side by side, as python -m tests.reliability.sessions measures them with twenty: each keeps its own."""

from collections.abc import Mapping
from typing import Any

from tests.aside import run_aside
from tests.reliability.persons import Person
from tests.reliability.sessions import claims, run_at


def test_sessions_side_by_side_keep_their_own(server: str, browser_type_launch_args: Mapping[str, Any]) -> None:
    people = tuple(Person(number, (2.0, 4.0)) for number in range(2))
    run = run_aside(run_at(server, browser_type_launch_args, people, 11.0, lambda line: None))
    _, faults, pictures, _ = claims(run)
    assert faults.holds, faults.measured
    assert pictures.holds, pictures.measured
