"""Whether the scan on the screen looks like those that a locked recipe was fitted on."""

from contextlib import suppress

import streamlit as st

from prep_core.lock.sealing import mark_of
from prep_core.provenance import training
from prep_core.recipe import Recipe
from prep_core.run import Done, StepError, trace
from prep_core.scan import Scan
from prep_core.shift.alarm import shifts
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain, sentence


def show(state: AppState, scan: Scan) -> None:
    """Draw what is odd about the scan for this recipe, in one box; nothing for a recipe without a lock."""
    recipe = sessions.recipe(state)
    if recipe.lock is None:
        return
    member, warnings = _compared(sessions.identity(state), mark_of(recipe.lock), recipe, scan)
    if warnings:
        st.warning("\n\n".join(plain(sentence(words)) for words in warnings), icon=":material/difference:")
    if member:
        st.caption("This scan was in the training set of the recipe.")


@st.cache_resource(show_spinner="Comparing with the training scans", scope="session", max_entries=8)
def _compared(identity: str, mark: str, _recipe: Recipe, _scan: Scan) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the scan was a training scan, and what is odd about it; from the whole scan."""
    record = training(_recipe, _scan, shifts(_recipe, _scan, _done(_recipe, _scan)))
    return record["training"]["member"], tuple(record["warnings"])


def _done(recipe: Recipe, scan: Scan) -> tuple[Done, ...]:
    """The lines up to the first that has no answer, which the page complains about beside the picture."""
    done: list[Done] = []
    with suppress(StepError):
        done.extend(trace(recipe, scan))
    return tuple(done)
