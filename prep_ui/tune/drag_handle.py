"""The handle that moves a card: by mouse, finger or keys; drawn in the browser, one change when it is dropped."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def drag_handle(key: str, uid: int, name: str, place: int, of: int, on_move: Callable[[int], None]) -> None:
    """Draw the handle of the card `uid`.

    Cards are the containers called "card-...", within one called "tune.cards".

    Parameters
    ----------
    name : str
        What the card is called aloud.
    place, of : int
        Where the card stands, counted from 0, among how many.
    on_move : callable
        Gets the place where the card was dropped, counted from 0.
    """

    def moved() -> None:
        on_move(int(st.session_state[key]["moved"]["to"]))

    _component(
        key=key,
        data={"uid": uid, "name": name, "place": place, "of": of},
        width="content",
        on_moved_change=moved,
    )


_component = st.components.v2.component(
    "prep_drag_handle",
    html=(HERE / "drag_handle.html").read_text("utf-8"),
    css=(HERE / "drag_handle.css").read_text("utf-8"),
    js=(HERE / "drag_handle.js").read_text("utf-8"),
)
