"""The dashboard in hands that try everything: no page breaks, the recipe stays one, and undo brings back what was."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from unittest.mock import patch

import streamlit as st
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from prep_core.bundle import from_file_bytes, to_file_bytes
from prep_ui.safety.faults import DETAILS
from prep_ui.session import state as sessions
from prep_ui.session.app_state import AppState
from prep_ui.work import running
from tests.fuzz.part import Part, Seen, numbered
from tests.fuzz.widget_actions import act
from tests.ui.dashboard import opened, state

SEED = "widgets"
ACTIONS = 30
SAMPLES = ("us_phantom", "fluorescence_nuclei", "phase_cell")
"""Small ones, so that there is time for many actions."""

PATIENCE = 15.0
"""Seconds that a run of a page waits for work; then it shows how far that is, as it does to users."""

_COMPONENTS = cache(manifest_scanner.scan_component_manifests)


@contextmanager
def at_hand() -> Iterator[None]:
    """Without a browser nobody looks again for an answer, so each run waits; and what is installed is found once.

    What a fault says is shown, unlike to users: nobody's scans are open.
    """
    details = st.get_option(DETAILS)
    config.set_option(DETAILS, "full")
    with ExitStack() as stack:
        stack.callback(config.set_option, DETAILS, details)
        stack.enter_context(patch.object(running, "PATIENCE", PATIENCE))
        stack.enter_context(patch.object(manifest_scanner, "scan_component_manifests", _COMPONENTS))
        yield


def walk(case: str, actions: int = ACTIONS) -> Seen:
    """Open the dashboard and do that many things; `case` says which."""
    chance = random.Random(f"{SEED}/{case}")
    done: list[str] = []
    slowest, wrong = 0.0, ""
    try:
        app = opened()
        app.selectbox(key="inspect.scan").set_value(_place(app, chance.choice(SAMPLES))).run()
        while len(done) < actions and not wrong:
            before, began = version(state(app)), time.monotonic()
            history = state(app).history
            done.append(act(chance, app))
            slowest = max(slowest, time.monotonic() - began)
            wrong = fault(app) or _undone(state(app), before, len(history.past))
    except Exception as raised:  # noqa: BLE001 - whatever it is, it is what is looked for
        wrong = repr(raised)
    words = f"{wrong}    {'; '.join(done[-4:])}" if wrong else ""
    return Seen(case, "broken" if wrong else "whole", words, slowest, bool(wrong))


def version(of: AppState) -> tuple[object, ...]:
    """What undo brings back."""
    return of.cards, of.name, of.modality, of.origin


def fault(app: AppTest) -> str:
    """What is wrong with the page or with the recipe; nothing where all is well."""
    if app.exception:
        first = app.exception[0]
        return f"exception: {first.value} {' '.join(first.stack_trace[-4:])}"
    boxes = [error.value for error in app.error if "fault of the program" in error.value]
    if boxes:
        return boxes[0]
    recipe = sessions.recipe(state(app))
    return "" if from_file_bytes(to_file_bytes(recipe)) == recipe else "the recipe does not come back"


def _undone(of: AppState, before: tuple[object, ...], steps: int) -> str:
    """Undo what one action did, look, and do it again."""
    now, history = version(of), of.history
    if now == before or history.future or len(history.past) <= steps:
        return ""
    for _ in history.past[steps:]:
        sessions.undo(of)
    back = version(of)
    for _ in history.past[steps:]:
        sessions.redo(of)
    if back != before:
        return "undo does not bring back what was"
    return "" if version(of) == now and of.history == history else "redo does not bring back what was"


def _place(app: AppTest, sample: str) -> int:
    return next(i for i, one in enumerate(state(app).opened) if one.sample == sample)


def repeat(case: str) -> Seen:
    """The walk of that number."""
    with at_hand():
        return walk(case)


PART = Part(
    f"walks of {ACTIONS} actions over all pages",
    "no fault on a page, the recipe comes back from its file, undo and redo bring back what was",
    200.0,
    partial(numbered, repeat),
    repeat,
)
