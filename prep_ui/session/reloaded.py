"""What a reload or a link could not bring along, said on every page until it was read."""

from collections.abc import Mapping

import streamlit as st

from prep_ui.session import link
from prep_ui.session.state import AppState
from prep_ui.text import plain

SENTENCES: Mapping[str, str] = {
    link.SCANS: "Scans of your own are not kept when a page is loaded again: open them again on Inspect.",
    link.RECIPE: "The recipe was too long for the address: open it from the file that you saved.",
    link.OFF: "Lines that were switched off were too long for the address.",
    link.ARRAYS: "Lines that were fitted with images or curves wait for their training set again.",
    link.DAMAGED: "The recipe in this address is cut or damaged and was left out: copy the whole address again, or "
    "open the recipe from its file on Recipe.",
}


def tell_what_is_lost(state: AppState) -> None:
    """Draw the sentences and a button that puts them away."""
    if not state.lost:
        return

    def put_away() -> None:
        state.lost = ()

    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(plain(" ".join(SENTENCES[word] for word in state.lost)))
        st.button("Close", key="reload.close", help="Puts this remark away.", on_click=put_away)
