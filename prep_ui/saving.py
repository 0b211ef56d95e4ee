"""Charts as files: a camera above each that the pointer is over, and the choice of what it saves."""

from typing import Any

import streamlit as st

from prep_ui.safety.file_names import file_name

KEY = "figures.format"
FORMATS = ("PNG", "SVG")
SCALE = 3
"""Pixels of a saved PNG for each pixel of the screen; enough for print."""


def choice() -> None:
    """Draw the choice of format, which holds for the charts of all pages."""
    st.segmented_control(
        "Save charts as",
        FORMATS,
        default=FORMATS[0],
        key=KEY,
        required=True,
        persist_state="session",
        help="The camera at the top of a chart, seen while the pointer is over it, saves the chart in this format.",
    )


def config(name: str) -> dict[str, Any]:
    """What Plotly is told about a chart that is saved under `name`: one button, and no logo."""
    format = str(st.session_state.get(KEY, FORMATS[0])).lower()
    picture = {"format": format, "filename": file_name(name), "scale": SCALE if format == "png" else 1}
    return {
        "displayModeBar": "hover",
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": picture,
    }
