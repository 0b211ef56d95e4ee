"""What a recipe can begin with: the one that is suggested for the scan, and those of known programs and papers."""

import streamlit as st

from prep_core.scan import Scan
from prep_core.suggesting import Suggestion
from prep_ui.inspecting.suggested import suggested
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.tune.line_words import line_words
from prep_ui.tune.recipe_presets import recipe_presets

WIDTH = 560


def suggestions(state: AppState, scan: Scan) -> None:
    """A button that opens the menu; the suggestion is worked out when it is first looked at."""
    # A new key after each change of lines makes a new popover, which is closed.
    with st.popover(
        "Start from",
        icon=":material/lightbulb:",
        width="stretch",
        key=f"tune.suggest.{state.next_uid}",
        on_change="rerun",
        help="A recipe that is suggested for this scan, with reasons in its numbers, or that of a known program.",
    ) as opened:
        if opened.open:
            with st.container(width=WIDTH):
                own, known = st.tabs(["Suggested for this scan", "Known programs and papers"])
                with own:
                    _suggestion(state, scan)
                with known:
                    recipe_presets(state, scan)


def _suggestion(state: AppState, scan: Scan) -> None:
    if not scan.valid.any():
        st.markdown("Nothing can be suggested: all of this scan is padding or not finite.")
        return
    suggestion = suggested(sessions.identity(state), scan)
    st.markdown(plain(suggestion.taken_as))
    if suggestion.lines:
        _take(state, suggestion)
    for i, each in enumerate(suggestion.lines, start=1):
        st.markdown(f"**{i:d} {plain(each.line.step)}** {plain(line_words(each.line))}  \n{plain(each.reason)}")


def _take(state: AppState, suggestion: Suggestion) -> None:
    count = len(suggestion.lines)
    st.button(
        f"Take {'this line' if count == 1 else f'these {count:d} lines'}",
        key="tune.suggest.take",
        type="primary",
        icon=":material/check:",
        help="Replaces the lines of the recipe; Undo brings them back.",
        on_click=sessions.set_recipe,
        args=(state, suggestion.recipe, suggestion.reasons),
    )
