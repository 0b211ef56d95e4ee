"""The viewer: pictures side by side with their histograms, drawn in the browser."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from prep_ui.viewer_payload import Histogram, Marker, Pane, Window, pack

__all__ = ["Histogram", "Marker", "Pane", "Window", "pack", "viewer"]

HERE = Path(__file__).parent
SCRIPTS = ("viewer_pixels.js", "viewer_histogram.js", "viewer_paint.js", "viewer_input.js", "viewer.js")
HTML = """
<div class="viewer">
  <div class="panes"></div>
  <div class="bar">
    <output class="readout" aria-live="off"></output>
    <button type="button" class="clip" aria-pressed="false"
      title="Colour clipped pixels: below the range blue, above it red">clip</button>
    <button type="button" class="outline" aria-pressed="true" hidden
      title="Draw the rim of the mask that the last mask line made">mask</button>
    <button type="button" class="fit" title="Show the whole picture (double-click)">fit</button>
  </div>
  <div class="window" hidden>
    <label>Centre <input type="range" class="center"><output class="center-value"></output></label>
    <label>Width <input type="range" class="width"><output class="width-value"></output></label>
  </div>
</div>
"""


def viewer(
    panes: Sequence[Pane],
    *,
    key: str,
    pixel_aspect: float,
    height: int,
    window: Window | None = None,
    live: Pane | None = None,
    on_window_change: Callable[[], None] | None = None,
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
    answers = (state.get("window") or {}).get("at", 0)
    payload = pack(panes, pixel_aspect=pixel_aspect, height=height, window=window, live=live, answers=answers)
    shown = _component(data=payload, key=key, on_window_change=on_window_change or _nothing_to_follow)
    committed: Mapping[str, Any] | None = shown.window
    return committed


def _nothing_to_follow() -> None:
    """Streamlit offers a component's state only under a name that has a callback."""


_component = st.components.v2.component(
    "prep_viewer",
    html=HTML,
    css=(HERE / "viewer.css").read_text("utf-8"),
    js="\n".join((HERE / script).read_text("utf-8") for script in SCRIPTS),
)
