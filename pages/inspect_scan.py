"""Inspect: what a scan is, before anything is done to it."""

import streamlit as st

from prep_ui import compute, corrections, distributions, facts, noticed, panes, places, saving, slice_view, upload
from prep_ui import state as sessions
from prep_ui.viewer import viewer
from prep_ui.welcome import welcome


def body() -> None:
    state = sessions.get()
    left, right = st.columns([320, 900], gap="medium")
    with left:
        upload.read_waiting(state)
        places.scan_chooser(state, "inspect")
        places.sample_text(state)
        upload.uploader(state)
    scan = sessions.current(state)
    if scan is None:
        right.warning("This scan had to make room for others. Open it again.")
        return
    summary = compute.summary(sessions.identity(state), scan)
    with left:
        corrections.popover(state, scan)
        facts.table(facts.rows(scan, summary))
        saving.choice()
    with right:
        welcome(state, scan, summary)
        chip, choice = st.columns([5, 1], vertical_alignment="center")
        with chip:
            facts.chip(summary)
        with choice:
            log_counts = distributions.log_toggle()
        distributions.three(sessions.identity(state), scan, summary, log_counts)
        picture, words = st.columns([2, 1])
        with picture:
            colour = panes.is_colour(scan)
            places.plane_chooser(state, scan, "inspect", ("T", "Z") if colour else ("T", "C", "Z"))
            at = compute.place(state, scan)
            plane = scan.take({axis: i for axis, i in at.items() if axis != "C" or not colour})
            shown = panes.colour_pane(plane, "as stored") if colour else panes.pane(plane, "as stored")
            key = "inspect.viewer"
            stack = slice_view.in_stack(state, scan, key)
            viewer([shown], key=key, pixel_aspect=panes.aspect(scan), height=300, **stack)
        with words:
            noticed.noticed(state, summary)
            distributions.depth(scan)
    sessions.remember(state)


body()
