"""The suggested recipe: every line with its reason, and one button that takes them all."""

from typing import Any

import streamlit as st

from prep_core.scan import Scan
from prep_core.suggesting import Reasoned, Suggestion, suggest
from prep_ui import state as sessions
from prep_ui.compute import summary
from prep_ui.state import AppState
from prep_ui.text import number, plain

WIDTH = 560


def suggestions(state: AppState, scan: Scan) -> None:
    """A button that opens the suggestion; it is worked out when it is first looked at."""
    # A new key after each change of lines makes a new popover, which is closed.
    with st.popover(
        "Suggest a recipe",
        icon=":material/lightbulb:",
        width="stretch",
        key=f"tune.suggest.{state.next_uid}",
        on_change="rerun",
        help="Lines that suit this scan, each with its reason in numbers of the scan.",
    ) as opened:
        if opened.open:
            with st.container(width=WIDTH):
                _suggestion(state, scan)


def _suggestion(state: AppState, scan: Scan) -> None:
    if not scan.valid.any():
        st.markdown("Nothing can be suggested: all of this scan is padding or not finite.")
        return
    suggestion = _suggested(sessions.identity(state), scan)
    st.markdown(plain(suggestion.taken_as))
    if suggestion.lines:
        _take(state, suggestion)
    for i, each in enumerate(suggestion.lines, start=1):
        st.markdown(f"**{i:d} {plain(each.line.step)}** {plain(_in_words(each))}  \n{plain(each.reason)}")


def _take(state: AppState, suggestion: Suggestion) -> None:
    count = len(suggestion.lines)
    st.button(
        f"Take {'this line' if count == 1 else f'these {count:d} lines'}",
        key="tune.suggest.take",
        type="primary",
        icon=":material/check:",
        help="Replaces the lines of the recipe; Undo brings them back.",
        on_click=sessions.set_recipe,
        args=(state, suggestion.recipe),
    )


@st.cache_resource(show_spinner="Looking for a recipe", scope="session", max_entries=8)
def _suggested(identity: str, _scan: Scan) -> Suggestion:
    return suggest(_scan, summary(identity, _scan).findings)


def _in_words(reasoned: Reasoned) -> str:
    """What differs from the defaults, and who is measured."""
    line = reasoned.line
    values = [
        f"{name} {_value(value)}" for name, value in line.params.items() if value != line.spec.fields[name].default
    ]
    words = [f"{word} {getattr(line, word)}" for word in line.spec.population if word != "pool"]
    return ", ".join(values + words)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return " x ".join(map(_value, value))
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value).lower()
