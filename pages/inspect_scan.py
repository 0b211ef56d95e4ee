"""Inspect: what a scan is, before anything is done to it."""

import streamlit as st

from prep_ui import compute, distributions, facts, panes, places, upload
from prep_ui import state as sessions
from prep_ui.viewer import viewer


def body() -> None:
    state = sessions.get()
    left, right = st.columns([320, 900], gap="medium")
    with left:
        places.scan_chooser(state, "inspect")
        upload.uploader(state)
    scan = sessions.current(state)
    if scan is None:
        right.warning("This scan had to make room for others. Open it again.")
        return
    summary = compute.summary(sessions.identity(state), scan)
    with left:
        facts.table(scan, summary)
    with right:
        facts.chip(summary)
        distributions.three(sessions.identity(state), scan, summary)
        picture, words = st.columns([2, 1])
        with picture:
            colour = panes.is_colour(scan)
            places.plane_chooser(state, scan, "inspect", ("T", "Z") if colour else ("T", "C", "Z"))
            at = compute.place(state, scan)
            plane = scan.take({axis: i for axis, i in at.items() if axis != "C" or not colour})
            shown = panes.colour_pane(plane, "as stored") if colour else panes.pane(plane, "as stored")
            viewer([shown], key="inspect.viewer", pixel_aspect=panes.aspect(scan), height=380)
        with words:
            facts.remarks(summary)
            distributions.depth(scan)
    sessions.remember(state)


body()
