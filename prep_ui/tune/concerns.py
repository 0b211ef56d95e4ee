"""What is odd about the recipe, for the scan on the screen."""

from collections import defaultdict
from collections.abc import Mapping

import streamlit as st

from prep_core.lint import about_scan, lint
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState
from prep_ui.work.compute import is_measured, summary


def concerns(state: AppState, scan: Scan) -> Mapping[int, list[str]]:
    """By the number of the line, counted from 1 among those that are switched on, what is odd about it.

    Nothing while the scan is measured.
    """
    found: dict[int, list[str]] = defaultdict(list)
    identity = sessions.identity(state)
    if is_measured(identity):
        about = about_scan(summary(identity, scan), state.smallest)
        for concern in lint(sessions.recipe(state), about):
            found[concern.line].append(concern.message)
    return found


def ask_for_smallest(state: AppState) -> None:
    """A field for the size of the smallest thing that must stay visible; filters that are wider are warned of."""

    def take(smallest: float | None) -> None:
        state.smallest = smallest

    st.number_input(
        "Smallest lesion, mm",
        min_value=0.01,
        max_value=1000.0,
        value=state.smallest,
        placeholder="not said",
        help="The smallest thing that must stay visible. A filter that is wider is warned of. Not part of the recipe.",
        **bound("tune.smallest", state.smallest, take),
    )
