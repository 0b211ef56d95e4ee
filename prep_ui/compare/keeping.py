"""From Tune to Compare: keep the recipe as it is now, go on, and see what the next change does."""

import streamlit as st

from prep_ui import nav
from prep_ui.compare import choice
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState


def keep_and_compare(state: AppState) -> None:
    """Draw two quiet buttons."""
    recipe = sessions.recipe(state)
    kept = choice.is_kept(recipe)
    st.button(
        "Kept as A" if kept else "Keep as A",
        key="tune.keep",
        type="tertiary",
        disabled=kept or not recipe.lines,
        help="Remembers the recipe as it is now. Change it, then press Compare: A is how it was, B how it is.",
        on_click=choice.keep,
        args=(recipe,),
    )
    asked = st.button(
        "Compare",
        key="tune.compare",
        icon=":material/compare:",
        type="tertiary",
        disabled=not recipe.lines,
        help="Shows this recipe (B) beside the one that was kept last (A), or beside the scan as it was stored.",
    )
    if asked:
        st.session_state[choice.SECTION] = "recipes"
        st.switch_page(nav.page("compare"))
