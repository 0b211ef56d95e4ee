"""One lesson on the screen: question, controls, pictures, charts, numbers, and what happened."""

from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from prep_core.lessons import Lesson, Shown
from prep_core.line import digest
from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from prep_ui import nav
from prep_ui.learn import drawing, presenting
from prep_ui.learn.controls import controls, scan_of, settings
from prep_ui.learn.handout import Handed, handout
from prep_ui.learn.kept import OWN, Learning, write
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work import running
from prep_ui.work.job import Stage, Tell


def draw(state: AppState, lesson: Lesson, beside: DeltaGenerator | None) -> None:
    """Draw `lesson`; what it shows is computed once for the same controls.

    The first screen holds the question, the controls, the pictures, the first chart and the first words.

    Parameters
    ----------
    beside : where the buttons are drawn; None for below the controls
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(plain(lesson.title), anchor=False, width="stretch")
        presenting.switch(state.learning)
    st.markdown(f"**{plain(lesson.question)}**")
    values = settings(state.learning, lesson)
    controls(state.learning, lesson, values)
    buttons = st.container() if beside is None else beside
    name, scan = scan_of(state, lesson)
    key = f"{lesson.key} {name} {sorted(values.items())}"
    shown: Shown | None = running.answer("lesson", key, partial(_shown, lesson, scan, values))
    if shown is None:
        return
    large = state.learning.large
    seen, told = st.columns([650, 350], gap="medium")
    with seen:
        drawing.pictures(lesson.key, shown.pictures)
        drawing.charts(f"{lesson.key}.more", shown.charts[1:], large=large)
        drawing.tables(shown.tables)
        trained = _trained(lesson, key, scan, values, large)
    with told:
        drawing.charts(lesson.key, shown.charts[:1], large=large)
        _broken(state, lesson)
        _told(shown)
        if trained:
            _told(trained)
    with buttons:
        _buttons(state, lesson, shown, Handed(values, *_opened(state.learning, lesson), trained))


def _shown(lesson: Lesson, scan: Scan | None, values: dict[str, Any], tell: Tell) -> Shown:
    tell(Stage("computing the lesson"))
    return lesson.show(scan, **values)


def _opened(learning: Learning, lesson: Lesson) -> tuple[str, str]:
    """On what it is shown, in words, and the address that opens it with its settings."""
    on = learning.on.get(lesson.key, "")
    # The name of an own scan may be that of a patient.
    words = "a scan of one's own" if on == OWN else SAMPLES[on].title if on else ""
    return words, f"/learn?{urlencode(write(replace(learning, lesson=lesson.key, large=False)))}"


def _broken(state: AppState, lesson: Lesson) -> None:
    if state.learning.asked.get(lesson.key) == dict(lesson.breaks):
        st.caption(plain(lesson.breaking))


def _told(shown: Shown) -> None:
    st.markdown("**What happened**")
    for paragraph in shown.happened:
        st.markdown(plain(paragraph))


def _trained(lesson: Lesson, key: str, scan: Scan | None, values: dict[str, Any], large: bool) -> Shown | None:
    """The part that takes seconds, once somebody asked for it."""
    if lesson.train is None:
        return None
    if not running.is_asked("training", key):
        st.button(
            plain(lesson.training),
            key=f"learn.{lesson.key}.train",
            icon=":material/model_training:",
            on_click=running.ask,
            args=("training", key),
            help="Takes some seconds; it can be cancelled, and the same settings give the same numbers.",
        )
        return None
    trained: Shown | None = running.answer("training", key, partial(_train, lesson, scan, values))
    if trained:
        drawing.pictures(f"{lesson.key}.trained", trained.pictures)
        drawing.charts(f"{lesson.key}.trained", trained.charts, large=large)
        drawing.tables(trained.tables)
    return trained


def _train(lesson: Lesson, scan: Scan | None, values: dict[str, Any], tell: Tell) -> Shown:
    if lesson.train is None:
        raise RuntimeError(f"lesson {lesson.key} has nothing to train")
    return lesson.train(scan, lambda share, words: tell(Stage(words, share, 1)), **values)


def _buttons(state: AppState, lesson: Lesson, shown: Shown, handed: Handed) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Break it",
            key="learn.break",
            icon=":material/bolt:",
            on_click=lambda: state.learning.asked.update({lesson.key: dict(lesson.breaks)}),
            help=plain(lesson.breaking),
        )
        st.button(
            "Begin anew",
            key="learn.anew",
            icon=":material/restart_alt:",
            on_click=lambda: state.learning.asked.update({lesson.key: {}}),
            disabled=not state.learning.asked.get(lesson.key),
            help="Sets all controls as they were.",
        )
        if shown.recipe is not None and st.button(
            "Now on your own scan",
            key="learn.own",
            type="primary",
            icon=":material/tune:",
            help="Opens Tune with the recipe of this lesson on the scan that is open.",
        ):
            if digest(shown.recipe.lines) != sessions.recipe(state).digest:
                sessions.set_recipe(state, shown.recipe)
            st.switch_page(nav.page("tune"))
        st.download_button(
            "Handout",
            partial(handout, lesson, shown, handed),
            f"{lesson.key}.html",
            "text/html",
            key="learn.handout",
            on_click="ignore",
            icon=":material/print:",
            help="This lesson with its numbers as one HTML page, which prints on A4.",
        )
