"""Tune: the recipe beside the picture, before and after."""

import streamlit as st

from prep_core.line import digest
from prep_core.scan import Scan
from prep_ui import facts, places
from prep_ui.planes import sampling, slice_view
from prep_ui.recipe import modality_notice
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.tune import editor, pipeline, shift_notice, tune_histograms
from prep_ui.work import compute, running, runtime


def _where(state: AppState, scan: Scan) -> None:
    """Which scan this is, and choosers for what the viewer cannot turn."""
    choosable = [axis for axis in slice_view.other_axes(scan) if scan.size(axis) > 1]
    chip, *place = st.columns([3, 2] if choosable else [1], gap="medium", vertical_alignment="center")
    with chip:
        facts.chip_of(state, scan)
    for column in place:
        with column:
            places.plane_chooser(state, scan, "tune", choosable)


@st.fragment
def body() -> None:
    state = sessions.get()
    scan = sessions.current(state)
    if scan is None:
        st.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    shown = compute.run_plane(state, scan)
    left, right = st.columns([300, 900], gap="medium")
    with right:
        _where(state, scan)
        modality_notice.show(state, scan)
        shift_notice.show(state, scan)
        pictures, charts = st.columns([590, 300])
        below = st.container()
    # What answers the hand is sent first.
    with pictures:
        slice_view.before_after(state, shown)
        sampling.told(shown.before)
    with charts:
        tune_histograms.draw(state, scan, shown)
    runtime.send_ahead("tune.sent", f"{sessions.identity(state)} {state.at} {digest(sessions.recipe(state).lines)}")
    with below:
        editor.editor(state, scan, shown)
    with left:
        places.scan_chooser(state, "tune")
        pipeline.pipeline(state, scan, shown)
    if shown.waiting:
        with st.container(key="running"):
            running.draw(shown.waiting)
    sessions.remember(state)


body()
