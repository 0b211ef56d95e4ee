"""What the dashboard is for, in a line, and the first scan processed by one click; both go once there is a recipe."""

import streamlit as st

from prep_core.inspection import Summary
from prep_core.scan import Scan
from prep_core.suggesting import suggest
from prep_ui import nav
from prep_ui import state as sessions
from prep_ui.state import AppState
from prep_ui.text import plain


def welcome(state: AppState, scan: Scan, s: Summary) -> None:
    """Draw the line and the button, while the recipe is empty."""
    if state.cards:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            "Prepare images for a network: see here what a scan is, build a recipe on **Tune**, take it along on "
            "**Recipe**."
        )
        asked = st.button(
            "Show it processed",
            key="inspect.example",
            width="content",
            help="Opens Tune with the recipe that is suggested for this scan. Every line can be changed or taken out.",
        )
    if asked:
        _show(state, scan, s)


def _show(state: AppState, scan: Scan, s: Summary) -> None:
    suggestion = suggest(scan, s.findings)
    if not suggestion.lines:
        st.info(plain(suggestion.taken_as))
        return
    sessions.set_recipe(state, suggestion.recipe)
    st.switch_page(nav.page("tune"))
