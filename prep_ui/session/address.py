"""Writes the address of the page without a step of the browser's history, which Streamlit's own way would make."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st


def write_address(parameters: Mapping[str, str]) -> None:
    """Show `parameters` in the address.  It draws nothing, and is called once on a page."""
    _component(key="prep.address", data={"query": urlencode(parameters)}, height=1)


_component = st.components.v2.component(
    "prep_address",
    html="",
    js=(Path(__file__).parent / "address.js").read_text("utf-8"),
)
