"""Compare: what methods and recipes do to the scan at hand, in figures and pictures."""

import streamlit as st

from prep_ui import comparisons, compute, facts, places
from prep_ui import state as sessions


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
        section = comparisons.chosen(scan)
        if section.planes:
            places.plane_chooser(state, scan, "compare")
    with right:
        facts.chip(compute.summary(sessions.identity(state), scan))
        section.draw(state, scan)
    sessions.remember(state)


body()
