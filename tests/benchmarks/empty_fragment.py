"""The yardstick: a page of one fragment that computes nothing, run by Streamlit."""

from importlib import import_module

import streamlit as st

# As the dashboard has it: what is imported is out of garbage collection.
import_module("prep_ui.ahead")


@st.fragment
def empty() -> None:
    value = st.slider("Value", 0, 100, 50, key="yardstick")
    st.container(key="answer").text(str(value))


empty()
