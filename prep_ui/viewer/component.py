"""The viewer: pictures side by side with their histograms, drawn in the browser."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from prep_ui.viewer.parts import Crosshair, Pane, Planes, Window
from prep_ui.viewer.payload import pack
from prep_ui.viewer.place import Slices

HERE = Path(__file__).parent
SCRIPTS = (
    "numbers.js",
    "pixels.js",
    "colours.js",
    "display.js",
    "histogram.js",
    "place.js",
    "readout.js",
    "paint.js",
    "planes.js",
    "slices.js",
    "crosshair.js",
    "region.js",
    "links.js",
    "tools.js",
    "display_menu.js",
    "swipe.js",
    "touch.js",
    "input.js",
    "viewer.js",
)
STYLES = ("viewer.css", "bar.css")


def viewer(
    panes: Sequence[Pane],
    *,
    key: str,
    pixel_aspect: float,
    height: int,
    window: Window | None = None,
    live: Pane | None = None,
    on_window_change: Callable[[], None] | None = None,
    slices: Slices | None = None,
    on_slice_change: Callable[[], None] | None = None,
    planes: Planes | None = None,
    crosshair: Crosshair | None = None,
    on_crosshair_change: Callable[[], None] | None = None,
) -> Mapping[str, Any] | None:
    """Show `panes` side by side, with linked zoom and crosshair.

    Parameters
    ----------
    pixel_aspect : float
        Height of a pixel over its width, the same for all panes.
    height : int
        Height of each picture on the screen, in CSS pixels; histograms and read-outs come on top of it.
    window, live
        Together they make the last pane live: while the window is dragged, the browser draws that pane
        as the window of the pixels of `live`.  On release one change reaches the server.
    on_window_change
        Called once for each release, when ``st.session_state[key]["window"]`` holds the new window.
    slices, on_slice_change
        Together they let wheel and keys turn the slices.  Called when ``st.session_state[key]["slice"]`` holds
        {"axis", "index", "at"}; while one change is on its way no other is sent.
    planes
        With it the browser shows the other planes of the first pane at once, and the server hears of the last.
    crosshair, on_crosshair_change
        Together they make the panes three planes of one volume, which meet in a voxel that the hand moves.  Called
        when the hand rests and ``st.session_state[key]["crosshair"]`` holds {"index", "at"}.

    Returns
    -------
    mapping or None
        The last window that was set by hand, as {"center", "width", "line", "at"}, or None.  It stays after
        the recipe has moved on, so follow it in `on_window_change` and not from here.

    Raises
    ------
    ValueError
        As `pack`.
    """
    state = st.session_state.get(key) or {}
    payload = pack(
        panes,
        pixel_aspect=pixel_aspect,
        height=height,
        window=window,
        live=live,
        slices=slices,
        planes=planes,
        crosshair=crosshair,
        answers=max((state.get(name) or {}).get("at", 0) for name in ("window", "slice", "crosshair")),
    )
    shown = _component(
        data=payload,
        key=key,
        on_window_change=on_window_change or _nothing_to_follow,
        on_slice_change=on_slice_change or _nothing_to_follow,
        on_crosshair_change=on_crosshair_change or _nothing_to_follow,
    )
    committed: Mapping[str, Any] | None = shown.window
    return committed


def _nothing_to_follow() -> None:
    """Streamlit offers a component's state only under a name that has a callback."""


_component = st.components.v2.component(
    "prep_viewer",
    html=(HERE / "viewer.html").read_text("utf-8"),
    css="\n".join((HERE / style).read_text("utf-8") for style in STYLES),
    js="\n".join((HERE / script).read_text("utf-8") for script in SCRIPTS),
)
