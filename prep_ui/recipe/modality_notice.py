"""A remark where the recipe was made for another modality than that of the scan."""

import streamlit as st

from prep_core.scan import Scan
from prep_ui.facts import MODALITIES
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain

RADIOGRAPHS = frozenset(("CR", "DX"))
"""Two names for one thing: how a plate or a detector took the picture."""


def show(state: AppState, scan: Scan) -> None:
    """Draw the remark, where there is a recipe and both modalities are known and differ."""
    if sessions.recipe(state).lines and differ(state.modality, scan.modality):
        st.warning(
            plain(
                f"The recipe is for {state.modality} ({MODALITIES[state.modality]}), and this scan is {scan.modality} "
                f"({MODALITIES[scan.modality]}): its numbers may mean something else here. Take another recipe, or say "
                "on Recipe what it is for."
            )
        )


def differ(first: str, second: str) -> bool:
    """Whether scans of these two codes want different recipes; of a code that says nothing, nobody knows."""
    both = {first, second}
    return len(both) == 2 and both <= MODALITIES.keys() and both != RADIOGRAPHS
