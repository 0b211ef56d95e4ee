"""Learn: lessons that are computed live, for one reader or for a room."""

import streamlit as st

from prep_ui.learn import lesson_page
from prep_ui.learn.controls import chosen, lesson_chooser, scan_chooser
from prep_ui.learn.kept import write
from prep_ui.session import state as sessions


@st.fragment
def body() -> None:
    state = sessions.get()
    lesson = chosen(state.learning)
    if state.learning.large:
        lesson_page.draw(state, lesson, None)
    else:
        left, right = st.columns([240, 960], gap="medium")
        with left:
            lesson_chooser(state.learning)
            scan_chooser(state, lesson)
            buttons = st.container()
        with right:
            lesson_page.draw(state, lesson, buttons)
    sessions.remember(state, write(state.learning))


body()
