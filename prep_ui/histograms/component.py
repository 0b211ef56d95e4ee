"""The component: its script, its style, and how a change made by hand comes back."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from prep_ui.histograms.payload import Chart, Steer, pack

HERE = Path(__file__).parent
SCRIPTS = (
    HERE.parent / "viewer" / "numbers.js",
    HERE / "decode.js",
    HERE / "draw.js",
    HERE / "axis.js",
    HERE / "hover.js",
    HERE / "steer.js",
    HERE / "save.js",
    HERE / "histograms.js",
)

HEIGHT = 132
"""CSS pixels of a chart."""


def histograms(
    charts: Sequence[Chart],
    *,
    key: str,
    name: str,
    steer: Steer | None = None,
    on_steer: Callable[[], None] | None = None,
    height: int = HEIGHT,
    stacked: bool = False,
) -> None:
    """Show `charts` side by side.

    Parameters
    ----------
    name : str
        Of the files that they are saved as.
    stacked : bool
        Below each other instead of side by side, for a column of a page.
    steer, on_steer
        Together they let the hand set parameters of a line.  Called once for each release, when
        ``st.session_state[key]["steer"]`` holds {"uid", "values", "at"}.
    """
    asked = (st.session_state.get(key) or {}).get("steer") or {}
    _component(
        data=pack(charts, height=height, steer=steer, stacked=stacked, answers=asked.get("at", 0), name=name),
        key=key,
        on_steer_change=on_steer or _nothing_to_follow,
    )


def _nothing_to_follow() -> None:
    """Streamlit offers a component's state only under a name that has a callback."""


_component = st.components.v2.component(
    "prep_histograms",
    html=(HERE / "histograms.html").read_text("utf-8"),
    css=(HERE / "histograms.css").read_text("utf-8"),
    js="\n".join(script.read_text("utf-8") for script in SCRIPTS),
)
