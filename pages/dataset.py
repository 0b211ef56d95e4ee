"""Dataset: several scans as one reference population, and the fit of the recipe on those for training."""

import streamlit as st

from prep_ui import saving
from prep_ui.dataset import choosing, members, recipe_lines, scans, sections
from prep_ui.session import state as sessions
from prep_ui.text import plain


def body() -> None:
    state = sessions.get()
    source = members.source()
    left, right = st.columns([300, 900], gap="medium")
    with left:
        choosing.chooser(state, source)
        section = sections.chosen()
        if section.charts:
            saving.choice()
        recipe_lines.summary(sessions.recipe(state))
    chosen = members.members(state, state.dataset)
    with right:
        for member in scans.gone(chosen, source):
            st.warning(plain(f"{member.name} had to make room for others. Open it again, or leave it out of the set."))
        if not chosen:
            st.info("The set is empty. Upload scans or read a folder on the left, or choose a built-in set.")
        elif section.needs_recipe and not sessions.recipe(state).lines:
            recipe_lines.start(state, state.dataset.source)
        else:
            section.draw(state, chosen, source)
    sessions.remember(state)


body()
