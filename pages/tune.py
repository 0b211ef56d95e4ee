"""Tune: the recipe beside the picture, before and after."""

import streamlit as st

from prep_ui import facts, places
from prep_ui.planes import sampling, slice_view
from prep_ui.session import state as sessions
from prep_ui.tune import editor, pipeline, shift_notice, tune_histograms
from prep_ui.work import compute, running


@st.fragment
def body() -> None:
    state = sessions.get()
    scan = sessions.current(state)
    if scan is None:
        st.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    left, right = st.columns([300, 900], gap="medium")
    with right:
        choosable = [axis for axis in slice_view.other_axes(scan) if scan.size(axis) > 1]
        shares = [3, 2] if choosable else [1]
        chip, *place = st.columns(shares, gap="medium", vertical_alignment="center")
        with chip:
            facts.chip_of(state, scan)
    shown = compute.run_plane(state, scan)
    with left:
        places.scan_chooser(state, "tune")
        pipeline.pipeline(state, scan, shown)
    with right:
        for column in place:
            with column:
                places.plane_chooser(state, scan, "tune", choosable)
        shift_notice.show(state, scan)
        pictures, charts = st.columns([590, 300])
        with pictures:
            slice_view.before_after(state, shown)
            sampling.told(shown.before)
        with charts:
            tune_histograms.draw(state, scan, shown)
        editor.editor(state, scan, shown)
    if shown.waiting:
        with st.container(key="running"):
            running.draw(shown.waiting)
    sessions.remember(state)


body()
