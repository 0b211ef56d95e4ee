"""A page that fails with the name of a person in its message: at once in a fragment, and later in a callback."""

import streamlit as st

NAME = "CANARY^JANE"


def fail() -> None:
    raise RuntimeError(f"{NAME} does not fit")


@st.fragment
def body() -> None:
    st.title("Faulty")
    st.button("Fail in a callback", on_click=fail)
    if st.button("Fail in a fragment"):
        fail()


body()
st.text("The page goes on")
