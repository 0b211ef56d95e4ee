"""The Streamlit script: what surrounds every page."""

from pathlib import Path

import streamlit as st

from prep_ui import ahead, nav
from prep_ui.safety import sign_in
from prep_ui.session import reloaded, store
from prep_ui.session import state as sessions
from prep_ui.work import runtime

HERE = Path(__file__).parent

# A local picture, and before the pages are known: for an icon of theirs the browser would ask a font server.
st.set_page_config(page_icon=str(HERE / "favicon.png"), layout="wide")
here = st.navigation(nav.all_pages(), position="top")
st.set_page_config(page_title=f"{here.title} · prep")
st.html(HERE / "style.css")
sign_in.gate()
runtime.sweep_uploads()
# The processes that read files start now, while the user looks at the first scan.
store.reader()
reloaded.tell_what_is_lost(sessions.get())
here.run()
# Now that the first page is sent: it takes a processor for itself.
ahead.follow()
