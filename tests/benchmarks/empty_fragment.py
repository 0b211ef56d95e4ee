"""The yardstick: a page of one fragment that computes nothing, run by Streamlit."""

import streamlit as st

from prep_ui import ahead

ahead.follow()


@st.fragment
def empty() -> None:
    value = st.slider("Value", 0, 100, 50, key="yardstick")
    st.container(key="answer").text(str(value))


empty()
