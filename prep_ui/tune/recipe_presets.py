"""Recipes of known programs and papers, to begin with: those for such scans first, the others folded away."""

import streamlit as st

from prep_core.recipe_presets import RecipePreset, fitting_first
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.tune.line_words import line_words


def recipe_presets(state: AppState, scan: Scan) -> None:
    """Draw a button, what it does and where it is from for each preset."""
    fitting, others = fitting_first(scan)
    if not fitting:
        st.markdown("None of them is for scans of this kind.")
    for preset in fitting:
        _offer(state, preset)
    with st.expander(f"For other scans ({len(others)})", key="tune.presets.others"):
        for preset in others:
            _offer(state, preset)


def _offer(state: AppState, preset: RecipePreset) -> None:
    with st.container(gap="xxsmall"):
        st.button(
            plain(preset.name),
            key=f"tune.preset.{preset.key}",
            help=plain(f"Replaces the lines of the recipe; Undo brings them back. For {preset.suits}."),
            on_click=sessions.set_recipe,
            args=(state, preset.recipe, preset.reasons),
        )
        for each in preset.lines:
            st.markdown(f"**{plain(each.line.step)}** {plain(line_words(each.line))}  \n{plain(each.reason)}")
        st.caption(f"{plain(preset.source)} [Source]({plain(preset.link)})")
