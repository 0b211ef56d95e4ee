"""The recipe on the screen: a card for each line, undo and redo above, what can be added below."""

import streamlit as st

from prep_core.preview import whole_lines
from prep_core.scan import Scan
from prep_ui import cards
from prep_ui import state as sessions
from prep_ui.compute import Shown
from prep_ui.concerns import concerns
from prep_ui.state import AppState
from prep_ui.step_menu import step_menu
from prep_ui.suggestions import suggestions


def pipeline(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw all cards and the menus."""
    _history(state)
    done = iter(shown.done)
    odd = concerns(state, scan)
    beyond = whole_lines([result.line for result in shown.done])
    position = 0
    for card in state.cards:
        if not card.on:
            cards.draw(state, card, cards.Outcome(position))
            continue
        position += 1
        failed = shown.error is not None and shown.error.line == position
        error = str(shown.error) if failed else ""
        outcome = cards.Outcome(position, next(done, None), position > beyond, error, odd.get(position, ()))
        cards.draw(state, card, outcome)
    if not state.cards:
        st.caption("No line yet: the picture is as it was stored. Add the first step, or look at what is suggested.")
    step_menu(state, scan, shown)
    suggestions(state, scan)


def _history(state: AppState) -> None:
    """Buttons that take changes back, and make them again."""
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        st.button(
            "Undo",
            key="tune.undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not state.history.past,
            shortcut="Ctrl+Z",
            help=f"Takes the last change of the recipe back; {len(state.history.past)} can be.",
            on_click=sessions.undo,
            args=(state,),
        )
        st.button(
            "Redo",
            key="tune.redo",
            icon=":material/redo:",
            type="tertiary",
            disabled=not state.history.future,
            shortcut="Ctrl+Shift+Z",
            help=f"Makes the change again that was taken back last; {len(state.history.future)} can be.",
            on_click=sessions.redo,
            args=(state,),
        )
