"""Inspect: what a scan is, before anything is done to it."""

import streamlit as st

from prep_core.scan import Scan
from prep_ui import facts, places, saving
from prep_ui.inspecting import distributions, noticed
from prep_ui.inspecting.welcome import processed, welcome
from prep_ui.opening import corrections, reading, upload
from prep_ui.planes import panes, sampling, volume_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.work import compute


def one_plane(state: AppState, scan: Scan, after: Scan | None) -> None:
    """One slice, with the control that chooses which."""
    places.plane_chooser(state, scan, "inspect", volume_view.axes(scan))
    volume_view.one_plane(state, scan, after, height=270)
    sampling.told(scan)


def body() -> None:
    state = sessions.get()
    left, right = st.columns([320, 900], gap="medium")
    with left:
        reading.read_waiting(state)
        places.scan_chooser(state, "inspect")
        places.sample_text(state)
        upload.uploader(state)
    scan = sessions.current(state)
    if scan is None:
        right.warning("This scan had to make room for others. Open it again.")
        return
    with right:
        welcome(state, scan)
        chip, planes = st.columns([3, 1], vertical_alignment="center")
        with planes:
            three = volume_view.shows_three(scan)
        # Three planes need the width: there the histograms stand above them, in a row.
        charts, picture = st.columns([590, 300])[::-1] if not three else (st.container(), st.container())
        # Measuring a large scan takes the processors; its first picture needs no numbers.
        at_once = not three and not compute.is_measured(sessions.identity(state)) and compute.is_large(scan)
        if at_once:
            with picture:
                one_plane(state, scan, None)
        with chip:
            summary = compute.measured(sessions.identity(state), scan)
            if summary:
                facts.chip(summary)
        with charts:
            if summary:
                distributions.three(sessions.identity(state), scan, summary, stacked=not three)
        with picture:
            if three and summary:
                places.plane_chooser(state, scan, "inspect", volume_view.axes(scan))
                volume_view.three_planes(state, scan, summary, height=270)
                sampling.told(scan)
            elif not at_once:
                one_plane(state, scan, processed(state, scan) if summary and not panes.is_colour(scan) else None)
        if summary:
            noticed.noticed(state, summary)
            distributions.depth(scan)
    with left:
        corrections.popover(state, scan)
        if summary:
            facts.table(facts.rows(scan, summary))
        if distributions.has_depth(scan):
            saving.choice()
    sessions.remember(state)


body()
