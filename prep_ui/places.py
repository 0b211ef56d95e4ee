"""Choosers that several pages share: which scan, and which slice of it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState, Opened
from prep_ui.text import plain
from prep_ui.work import compute

_NAMES: Mapping[str, str] = {"T": "Frame", "C": "Channel", "Z": "Slice"}


def scan_chooser(state: AppState, page: str) -> None:
    """Choose among the opened scans and the samples."""
    names = [called(opened) for opened in state.opened]
    st.selectbox(
        "Scan",
        range(len(names)),
        state.chosen,
        names.__getitem__,
        help="The scans that you opened, and the built-in samples.",
        **bound(f"{page}.scan", state.chosen, lambda i: sessions.choose(state, i), names),
    )


def called(opened: Opened) -> str:
    """A name to choose by, with what it is."""
    return f"{opened.name} · {opened.words}" if opened.words else opened.name


def sample_text(state: AppState) -> None:
    """Why the chosen sample is interesting."""
    name = state.opened[state.chosen].sample
    if name:
        st.caption(plain(SAMPLES[name].text))


def plane_chooser(state: AppState, scan: Scan, page: str, axes: Sequence[str] = ("T", "C", "Z")) -> None:
    """A slider or a list for each axis that has more than one index."""
    at = compute.place(state, scan)
    shown = [axis for axis in axes if scan.size(axis) > 1]
    for column, axis in zip(st.columns(len(shown)) if shown else (), shown, strict=True):
        with column:
            _axis_chooser(state, scan, axis, at[axis], f"{page}.{axis}")


def _axis_chooser(state: AppState, scan: Scan, axis: str, index: int, key: str) -> None:
    def go(index: int) -> None:
        state.at[axis] = index

    names = scan.channels if axis == "C" else ()
    shown = bound(key, index, go, names)
    help = f"Which {_NAMES[axis].lower()} of {scan.size(axis)} to look at."
    if names:
        st.selectbox(_NAMES[axis], range(len(names)), index, names.__getitem__, help=help, **shown)
    else:
        st.slider(_NAMES[axis], 0, scan.size(axis) - 1, index, help=help, **shown)
