"""Compare: what methods and recipes do to the scan at hand, in figures and pictures."""

import streamlit as st

from prep_ui import facts, places, saving
from prep_ui.compare import sections
from prep_ui.planes import slice_view
from prep_ui.session import state as sessions


@st.fragment
def body() -> None:
    state = sessions.get()
    left, right = st.columns([300, 900], gap="medium")
    with left:
        places.scan_chooser(state, "compare")
    scan = sessions.current(state)
    if scan is None:
        right.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    with left:
        section = sections.chosen(scan)
        if section.planes:
            axes = slice_view.other_axes(scan) if section.turns else "TCZ"
            places.plane_chooser(state, scan, "compare", axes)
        if section.charts:
            saving.choice()
    with right:
        facts.chip_of(state, scan)
        section.draw(state, scan)
    sessions.remember(state)


body()
