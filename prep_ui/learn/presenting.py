"""For a room: large type, nothing but the lesson, and the whole screen."""

from functools import partial
from pathlib import Path

import streamlit as st

from prep_ui.learn.kept import Learning
from prep_ui.session.bound import bound

HERE = Path(__file__).parent
SWITCHED = "learn.large.switched"


def switch(learning: Learning) -> None:
    """Choose large type; in it, a button for the whole screen."""
    if learning.large:
        _component(key="learn.whole_screen", height=52, width="content")
    st.toggle(
        "Large type",
        learning.large,
        help="For a room: larger letters and pictures, and neither menu nor list of lessons.",
        **bound("learn.large", learning.large, partial(_chosen, learning)),
    )
    if st.session_state.pop(SWITCHED, False):
        # The whole page: a style that a fragment wrote stays until then.
        st.rerun()
    if learning.large:
        st.html(HERE / "large.css")


def _chosen(learning: Learning, large: bool) -> None:
    learning.large = large
    st.session_state[SWITCHED] = True


_component = st.components.v2.component(
    "prep_whole_screen",
    html='<button type="button">Whole screen</button>',
    css=(HERE / "whole_screen.css").read_text("utf-8"),
    js=(HERE / "whole_screen.js").read_text("utf-8"),
)
