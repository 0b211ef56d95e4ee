"""The yardstick: a page of one fragment that computes nothing, run by Streamlit."""

import streamlit as st

from prep_ui.work import runtime

runtime.freeze_gc()


@st.fragment
def empty() -> None:
    value = st.slider("Value", 0, 100, 50, key="yardstick")
    st.container(key="answer").text(str(value))


empty()
