"""Sessions side by side, as python -m tests.reliability.sessions measures them with twenty: each keeps its own."""

from collections.abc import Mapping
from typing import Any

from tests.aside import run_aside
from tests.reliability.sessions import claims, run_at


def test_sessions_side_by_side_keep_their_own(server: str, browser_type_launch_args: Mapping[str, Any]) -> None:
    run = run_aside(run_at(server, browser_type_launch_args, 2, 11.0, lambda line: None))
    _, faults, pictures, _ = claims(run)
    assert faults.holds, faults.measured
    assert pictures.holds, pictures.measured
