"""The journeys are tests that there are, and one that fails or is left out is told."""

import ast
from pathlib import Path

import pytest

from tests.reliability.journeys import JOURNEYS, Counts, counted, figure_of, figures
from tests.reliability.kept import ROOT

TESTS = """
import pytest

def test_one():
    pass

def test_two():
    assert False

@pytest.mark.skip
def test_three():
    pass
"""


def test_every_journey_is_there() -> None:
    for node in (node for nodes in JOURNEYS.values() for node in nodes):
        file, _, name = node.partition("::")
        functions = [part for part in ast.parse((ROOT / file).read_text()).body if isinstance(part, ast.FunctionDef)]
        assert any(function.name == (name or function.name) for function in functions), node


def test_what_passed_failed_and_was_left_out_is_counted(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    lines: list[str] = []
    (figure,) = figures(lines.append, {"a journey": ("test_some.py",)}, tmp_path)
    assert not figure.holds
    assert figure.measured.startswith("1 passed, 1 failed, 1 left out, in ")
    assert lines == [f"a journey: {figure.measured}"]


def test_tests_that_are_not_there_do_not_hold(tmp_path: Path) -> None:
    assert not figure_of("a journey", counted(("missing.py",), tmp_path)).holds


@pytest.mark.parametrize(
    ("counts", "holds"),
    [
        (Counts(3, 0, 0, 1.0), True),
        (Counts(0, 0, 0, 1.0), False),
        (Counts(3, 1, 0, 1.0), False),
        (Counts(3, 0, 1, 1.0), False),
    ],
)
def test_a_journey_holds_when_all_of_it_passed(counts: Counts, holds: bool) -> None:
    assert figure_of("a journey", counts).holds is holds
