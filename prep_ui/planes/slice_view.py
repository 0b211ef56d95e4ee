"""The slice before and after, with a window that follows the hand."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from prep_core.scan import Scan
from prep_ui.planes import panes
from prep_ui.planes.tickets import tickets
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState, Card
from prep_ui.tune.editor import set_values
from prep_ui.viewer import Planes, Slices, Window, viewer
from prep_ui.work import compute
from prep_ui.work.compute import Shown

HEIGHT = 320


def before_after(state: AppState, shown: Shown) -> None:
    """Two linked pictures; while a window line is selected, dragging moves its window."""
    before = panes.pane(shown.before, "before", compute.stored_greys(state, shown.before), counted=False)
    last = shown.done[-1] if shown.done else None
    after = panes.pane(last.scan if last else shown.before, _label(shown), counted=False)
    card, position = _selected_window(state, shown)
    key = "tune.viewer"
    scan = sessions.current(state)
    stack = _instant_stack(state, scan, key) if scan else {}
    if card is None:
        viewer([before, after], key=key, pixel_aspect=panes.aspect(shown.before), height=HEIGHT, **stack)
        return
    enters = shown.done[position - 2].scan if position > 1 else shown.before
    params = card.line.params
    window = Window(params["center"], params["width"], params["function"], position)
    uid = card.uid

    def follow() -> None:
        moved = st.session_state[key]["window"]
        if moved:
            set_values(state, uid, {"center": float(moved["center"]), "width": float(moved["width"])})

    viewer(
        [before, after],
        key=key,
        pixel_aspect=panes.aspect(shown.before),
        height=HEIGHT,
        window=window,
        live=panes.pane(enters, "live", counted=False),
        on_window_change=follow,
        **stack,
    )


def in_stack(state: AppState, scan: Scan, key: str) -> Mapping[str, Any]:
    """What `viewer` needs so that wheel and keys turn the slices of `scan`; nothing where there is one plane."""
    slices = Slices.of(scan, compute.place(state, scan))
    if slices is None:
        return {}

    def follow() -> None:
        turned = st.session_state[key]["slice"]
        # A browser may ask for anything, also for a slice of the scan before.
        if turned and turned["axis"] == slices.axis:
            state.at[slices.axis] = min(max(int(turned["index"]), 0), slices.size - 1)

    return {"slices": slices, "on_slice_change": follow}


def _instant_stack(state: AppState, scan: Scan, key: str) -> Mapping[str, Any]:
    return {**in_stack(state, scan, key), "planes": raw_planes(state, scan, compute.place(state, scan))}


def raw_planes(state: AppState, scan: Scan, at: Mapping[str, int]) -> Planes | None:
    """Leave for this browser to fetch the other slices, else the other frames, of the place `at`; None without any."""
    turned = Slices.axis_of(scan)
    if turned is None:
        return None
    stay = {axis: i for axis, i in at.items() if axis != turned}
    return Planes(tickets().issue(state, sessions.identity(state), scan), stay)


def other_axes(scan: Scan) -> list[str]:
    """The axes for which a page needs a chooser: the viewer turns the slices, or else the frames."""
    turned = Slices.axis_of(scan)
    return [axis for axis in "TCZ" if axis != turned]


def _label(shown: Shown) -> str:
    """Down to which line the second picture shows the recipe."""
    done = f"after {shown.done[-1].line.step}" if shown.done else "as stored"
    if shown.waiting:
        return f"{done}, line {len(shown.done) + 1} waits"
    return f"{done}, stopped at line {shown.error.line}" if shown.error else done


def _selected_window(state: AppState, shown: Shown) -> tuple[Card | None, int]:
    """The selected card and its line number, if it is a window that was carried out."""
    position = 0
    for card in state.cards:
        position += card.on
        if card.uid == state.selected:
            ready = card.on and card.line.step == "window" and position <= len(shown.done)
            return (card, position) if ready else (None, 0)
    return None, 0
