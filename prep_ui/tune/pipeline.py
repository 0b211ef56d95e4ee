"""The recipe on the screen: a card for each line, undo and redo above, what can be added below."""

import streamlit as st

from prep_core.scan import Scan
from prep_ui.compare.keeping import keep_and_compare
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.tune import cards
from prep_ui.tune.concerns import concerns
from prep_ui.tune.step_menu import step_menu
from prep_ui.tune.suggestions import suggestions
from prep_ui.work.compute import Shown


def pipeline(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw all cards and the menus."""
    _history(state)
    if state.cards:
        with st.container(key="tune.cards"):
            _cards(state, scan, shown)
    else:
        st.caption("No line yet: the picture is as it was stored. Add the first step, or look at what is suggested.")
    step_menu(state, scan, shown)
    suggestions(state, scan)


def _cards(state: AppState, scan: Scan, shown: Shown) -> None:
    done = iter(zip(shown.done, shown.seconds, strict=True))
    odd = concerns(state, scan)
    position = 0
    for card in state.cards:
        if not card.on:
            cards.draw(state, card, cards.Outcome(position))
            continue
        position += 1
        failed = shown.error is not None and shown.error.line == position
        error = str(shown.error) if failed else ""
        result, seconds = next(done, (None, 0.0))
        outcome = cards.Outcome(position, result, position > shown.whole, error, odd.get(position, ()), seconds)
        cards.draw(state, card, outcome)


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
            help=f"Takes the last change of the recipe back (Ctrl+Z); {len(state.history.past)} can be.",
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
            help=f"Makes the change again that was taken back last (Ctrl+Shift+Z); {len(state.history.future)} can be.",
            on_click=sessions.redo,
            args=(state,),
        )
        st.space("stretch")
        keep_and_compare(state)
