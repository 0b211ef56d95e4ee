"""Recipe: the YAML, out and in, and the whole scan processed by it."""

import streamlit as st

from prep_ui import facts, places
from prep_ui.recipe import applying, exchange, exporting, modality_notice, reporting
from prep_ui.session import state as sessions
from prep_ui.tune import shift_notice


def body() -> None:
    state = sessions.get()
    text, work = st.columns([3, 2], gap="medium")
    scan = sessions.current(state)
    with text:
        exchange.naming(state)
        exchange.yaml(state, "" if scan is None else scan.unit)
        exchange.upload(state)
    with work:
        places.scan_chooser(state, "recipe")
        if scan is None:
            st.warning("This scan had to make room for others. Open it again on the Inspect page.")
        else:
            facts.chip_of(state, scan)
            modality_notice.show(state, scan)
            shift_notice.show(state, scan)
            applying.whole_scan(state, scan)
            reporting.report(state, scan)
        exporting.elsewhere(state)
    if scan is not None:
        sessions.remember(state)


body()
