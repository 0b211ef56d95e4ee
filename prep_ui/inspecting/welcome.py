"""What the dashboard is for, in a line, and the first scan processed; once there is a recipe, the line names it."""

import streamlit as st

from prep_core.preview import whole_lines
from prep_core.scan import Scan
from prep_ui import nav
from prep_ui.inspecting.suggested import suggested
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work import compute

PURPOSE = "Prepare images for a network: see what a scan is, build a recipe on **Tune**, take it along on **Recipe**."
MOST_NAMED = 5
"""Steps of the recipe that fit in the line."""


def welcome(state: AppState, scan: Scan) -> None:
    """Draw one line and one button, which stay in their place when the recipe gets its first line."""
    with st.container(horizontal=True, vertical_alignment="center", key="welcome"):
        st.markdown(_named(state) if state.cards else PURPOSE)
        if state.cards:
            asked = st.button(
                "Open on Tune", key="inspect.to_tune", width="content", help="Look at the recipe line by line."
            )
        else:
            asked = st.button(
                "Take the suggested recipe",
                key="inspect.example",
                width="content",
                help="Opens Tune with the recipe that is suggested for this scan. Every line can be changed or taken "
                "out.",
            )
    if asked:
        _open(state, scan)


def processed(state: AppState, scan: Scan) -> Scan | None:
    """The plane at hand of a built-in scan after its suggested recipe.

    None once there is a recipe, and where a line first has to run on the whole scan, which may take its time.
    """
    if state.cards or not state.opened[state.chosen].sample:
        return None
    identity = sessions.identity(state)
    lines = suggested(identity, scan).recipe.lines
    if not lines or whole_lines(lines):
        return None
    shown = compute.plane_of(identity, scan, lines, compute.place(state, scan), state.known, "suggested")
    return shown.done[-1].scan if shown.done else None


def _named(state: AppState) -> str:
    lines = sessions.recipe(state).lines
    steps = [line.step for line in lines[:MOST_NAMED]] + ["…"] * (len(lines) > MOST_NAMED)
    return f"The recipe: {plain(' → '.join(steps))}" if steps else "The recipe has lines, and all are switched off."


def _open(state: AppState, scan: Scan) -> None:
    if not state.cards:
        suggestion = suggested(sessions.identity(state), scan)
        if not suggestion.lines:
            st.info(plain(suggestion.taken_as))
            return
        sessions.set_recipe(state, suggestion.recipe, suggestion.reasons)
    st.switch_page(nav.page("tune"))
