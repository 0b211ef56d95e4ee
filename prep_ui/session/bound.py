"""Widgets for what other hands change, too: a picture, an undo, another widget for the same value."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

TURNS = 64
"""Widgets for one value before the first comes again: what a browser sends late is never so old."""


def bound(name: str, value: Any, change: Callable[[Any], None], among: Sequence[str] = ()) -> dict[str, Any]:
    """Arguments for a widget that shows `value` on each run; `change` is called with what is chosen in it.

    A value that was not chosen in the widget makes it another widget.  Writing it into the one that stands there would
    not do: until a browser has heard of that, it sends the old value along with whatever else it sends, and Streamlit
    takes that for a choice.  What is sent for a widget from before is not heard.

    Parameters
    ----------
    name : str
        Unlike any other on any page; the key, and its beginning for later widgets.
    among : sequence of str
        What the choices are called, where they change too: a browser sends the words of a choice.
    """
    kept = f"{name} bound"
    turn, *last = st.session_state.get(kept, (0, value, among))
    if last != [value, among]:
        turn = (turn + 1) % TURNS
    st.session_state[kept] = turn, value, among
    key = f"{name}.{turn}" if turn else name

    def take() -> None:
        now, _, _ = st.session_state[kept]
        if now == turn:
            chosen = st.session_state[key]
            st.session_state[kept] = turn, chosen, among
            change(chosen)

    return {"key": key, "on_change": take}
