"""The state of one session: one typed object instead of scattered keys, and all that pages do with it."""

from collections.abc import Mapping

import streamlit as st

from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES
from prep_ui.learn import kept
from prep_ui.session import link
from prep_ui.session.address import write_address
from prep_ui.session.app_state import AppState, Card, Opened, Pending, Version
from prep_ui.session.history import History
from prep_ui.session.lines import (
    accept,
    add_line,
    duplicate,
    edit,
    place,
    put_aside,
    reasons,
    recipe,
    redo,
    rename,
    set_params,
    set_population,
    set_recipe,
    undo,
)
from prep_ui.session.scans import choose, current, identity, open_scans, replace_scan, scan_of

__all__ = [
    "AppState",
    "Card",
    "Opened",
    "Pending",
    "Version",
    "accept",
    "add_line",
    "choose",
    "current",
    "duplicate",
    "edit",
    "get",
    "identity",
    "open_scans",
    "place",
    "put_aside",
    "reasons",
    "recipe",
    "redo",
    "remember",
    "rename",
    "replace_scan",
    "scan_of",
    "set_params",
    "set_population",
    "set_recipe",
    "undo",
]

_KEY = "_prep_state"


def get() -> AppState:
    """The state of the running session; the first time, what the address asks for, or the first sample."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _first()
    state: AppState = st.session_state[_KEY]
    return state


def _first() -> AppState:
    asked = link.read(st.query_params)
    name = asked.sample if asked.sample in SAMPLES else next(iter(SAMPLES))
    names = list(SAMPLES)
    opened = tuple(Opened(SAMPLES[n].title, sample=n) for n in names)
    state = AppState(opened, names.index(name), at=dict(asked.at), lost=asked.lost, learning=kept.read(st.query_params))
    set_recipe(state, asked.recipe or Recipe())
    on = state.cards
    put_aside(state, asked.off)
    state.history = History()  # there was nothing before the first picture
    if 0 < asked.line <= len(on):
        state.selected = on[asked.line - 1].uid
    return state


def remember(state: AppState, more: Mapping[str, str] | None = None) -> None:
    """Write what a reload needs into the address, and `more`; once on a page, at its end."""
    chosen = state.opened[state.chosen]
    on = [card.uid for card in state.cards if card.on]
    line = on.index(state.selected) + 1 if state.selected in on else 0
    off = {i: card.line for i, card in enumerate(state.cards) if not card.on}
    lost = (link.SCANS,) if _has_own_scans(state) else ()
    write_address(link.write(chosen.sample, recipe(state), state.at, line, off, lost) | dict(more or {}))


def _has_own_scans(state: AppState) -> bool:
    """Whether a reload loses some, or one did and nobody put the remark away."""
    waiting = state.pending or state.queue or state.dataset.folder or link.SCANS in state.lost
    return bool(waiting) or any(opened.key for opened in state.opened)
