"""The picture on Inspect: one plane as stored, or three of a volume that meet in a voxel."""

import streamlit as st

from prep_core.inspection import Summary
from prep_core.scan import Scan
from prep_ui.planes import panes
from prep_ui.planes.slice_view import in_stack, other_axes, raw_planes
from prep_ui.session.state import AppState
from prep_ui.viewer import Crosshair, viewer
from prep_ui.viewer.three_planes import AXES, crossing, cuts, sizes
from prep_ui.work import compute

ONE_KEY, THREE_KEY = "inspect.viewer", "inspect.planes"
ONE, THREE = "One plane", "Three planes"


def shows_three(scan: Scan) -> bool:
    """Draw the choice for a volume, and return whether three planes are wanted; False where there is one plane."""
    if scan.size("Z") == 1:
        return False
    wanted = st.segmented_control(
        "Planes",
        (ONE, THREE),
        default=ONE,
        required=True,
        key="inspect.how_many",
        persist_state="session",
        label_visibility="collapsed",
        help="One plane as stored, or three that meet under a crosshair: axial, coronal and sagittal where the file "
        "says how the body lies, else XY, XZ and YZ.",
    )
    return bool(wanted == THREE)


def axes(scan: Scan) -> list[str]:
    """The axes for which the page needs a chooser: what is in colours shows all its channels."""
    return [axis for axis in other_axes(scan) if axis != "C" or not panes.is_colour(scan)]


def one_plane(state: AppState, scan: Scan, after: Scan | None, height: int) -> None:
    """One plane as stored, and beside it what the suggested recipe makes of it, where that is given."""
    colour = panes.is_colour(scan)
    at = {axis: i for axis, i in compute.place(state, scan).items() if axis != "C" or not colour}
    viewer(
        [panes.stored(scan, at, "as stored"), *([panes.pane(after, "suggested recipe")] if after else [])],
        key=ONE_KEY,
        pixel_aspect=panes.aspect(scan),
        height=height,
        planes=raw_planes(state, scan, at),
        **in_stack(state, scan, ONE_KEY),
    )


def three_planes(state: AppState, scan: Scan, summary: Summary, height: int) -> None:
    """Three planes at one scale in mm and in the same greys, from the 0.1 to the 99.9 percentile of the scan."""
    voxel = crossing(scan, state.at)
    kept = "T" if panes.is_colour(scan) else "TC"
    at = {axis: i for axis, i in compute.place(state, scan).items() if axis in kept}
    volume = scan.take(at)
    low_high = (summary.percentiles["0.1"], summary.percentiles["99.9"])
    shown = [panes.cut_pane(volume, cut, voxel[cut.across], low_high) for cut in cuts(scan)]

    def follow() -> None:
        moved = st.session_state[THREE_KEY]["crosshair"]
        if moved:
            asked = {axis: int(moved["index"][axis]) for axis in AXES}
            state.at.update(crossing(scan, asked))

    viewer(
        shown,
        key=THREE_KEY,
        pixel_aspect=panes.aspect(scan),
        height=height,
        planes=raw_planes(state, scan, at),
        crosshair=Crosshair(voxel, sizes(scan)),
        on_crosshair_change=follow,
    )
