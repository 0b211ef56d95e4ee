"""Header: what the file says, where the scan lies, and what was done to the stored numbers."""

import streamlit as st

from prep_ui import facts, places
from prep_ui.inspecting import header
from prep_ui.session import state as sessions


def body() -> None:
    state = sessions.get()
    left, right = st.columns(2, gap="large")
    with left:
        places.scan_chooser(state, "header")
    scan = sessions.current(state)
    if scan is None:
        right.warning("This scan had to make room for others. Open it again on the Inspect page.")
        return
    with right:
        facts.chip_of(state, scan)
    with left:
        header.converted(scan)
        header.geometry(scan)
    with right:
        header.origin(scan)
        header.tags(scan)
    sessions.remember(state)


body()
