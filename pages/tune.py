"""Tune: the recipe beside the picture, before and after."""

import streamlit as st

from prep_ui import compute, editor, facts, pipeline, places, shift_notice, slice_view
from prep_ui import state as sessions


@st.fragment
def body() -> None:
    state = sessions.get()
    scan = sessions.current(state)
    if scan is None:
        st.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    left, right = st.columns([300, 900], gap="medium")
    shown = compute.run_plane(state, scan)
    with left:
        places.scan_chooser(state, "tune")
        pipeline.pipeline(state, scan, shown)
    with right:
        chip, place = st.columns([3, 2], gap="medium", vertical_alignment="center")
        with chip:
            facts.chip(compute.summary(sessions.identity(state), scan))
        with place:
            places.plane_chooser(state, scan, "tune")
        shift_notice.show(state, scan)
        slice_view.before_after(state, shown)
        editor.editor(state, scan, shown)
    sessions.remember(state)


body()
