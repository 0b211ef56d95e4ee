"""The launcher of the dashboard before a page that fails: what app.py does with faults, on a real server."""

from pathlib import Path

import streamlit as st

from prep_ui.safety import faults
from prep_ui.safety.starting import starting

app = st.App(Path(__file__).with_name("faulty_page.py"), lifespan=starting, on_script_error=faults.on_page)
