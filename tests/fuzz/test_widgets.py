"""A few things done to the dashboard at random, and that the judge would see what must not be."""

import random
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_ui.session import state as sessions
from tests.fuzz import widgets
from tests.fuzz.widget_actions import ACTIONS, KINDS, act
from tests.fuzz.widgets import _undone, at_hand, fault, repeat, version, walk
from tests.ui.dashboard import opened, state


@pytest.fixture(autouse=True)
def hands() -> Iterator[None]:
    with at_hand():
        yield


def test_a_walk_breaks_nothing() -> None:
    assert not (seen := walk("suite", 12)).failed, seen


def test_every_kind_of_widget_is_touched() -> None:
    assert set(KINDS) == set(ACTIONS)


def test_an_action_depends_on_chance_only() -> None:
    first, second = opened(), opened()
    said = [[act(random.Random(f"{n}"), app) for n in range(3)] for app in (first, second)]
    assert said[0] == said[1]
    assert version(state(first)) == version(state(second))


def test_a_fault_on_the_page_is_seen() -> None:
    def broken() -> None:
        import streamlit as st

        st.error("This page met a fault of the program, number 12.")

    def raising() -> None:
        raise KeyError("where")

    assert "fault of the program" in fault(AppTest.from_function(broken).run())
    assert "where" in fault(AppTest.from_function(raising).run())


def test_an_undo_that_brings_something_else_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    of = state(opened())
    before, steps = version(of), len(of.history.past)
    sessions.add_line(of, Line("gamma"))
    assert _undone(of, before, steps) == ""
    assert _undone(of, ("other",), steps) == "undo does not bring back what was"
    monkeypatch.setattr(sessions, "redo", lambda of: None)
    assert _undone(of, before, steps) == "redo does not bring back what was"


def test_a_walk_that_breaks_says_after_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "fault", lambda app: "something")
    seen = repeat("1")
    assert seen.failed
    assert seen.outcome == "broken"
    assert seen.words.startswith("something    ")
