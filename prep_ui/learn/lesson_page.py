"""One lesson on the screen: question, controls, pictures, charts, numbers, and what happened."""

from functools import partial
from typing import Any

import streamlit as st

from prep_core.lessons import Lesson, Shown
from prep_core.line import digest
from prep_core.scan import Scan
from prep_ui import nav
from prep_ui.learn import drawing, presenting
from prep_ui.learn.controls import controls, scan_of, settings
from prep_ui.learn.handout import handout
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work import running
from prep_ui.work.job import Stage, Tell


def draw(state: AppState, lesson: Lesson) -> None:
    """Draw `lesson`; what it shows is computed once for the same controls."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(plain(lesson.title), anchor=False, width="stretch")
        presenting.switch(state.learning)
    st.markdown(f"**{plain(lesson.question)}**")
    values = settings(state.learning, lesson)
    controls(state.learning, lesson, values)
    name, scan = scan_of(state, lesson)
    key = f"{lesson.key} {name} {sorted(values.items())}"
    shown: Shown | None = running.answer("lesson", key, partial(_shown, lesson, scan, values))
    if shown is None:
        return
    pictures, words = st.columns([600, 400], gap="medium")
    with pictures:
        drawing.pictures_and_charts(lesson.key, shown)
        drawing.tables(shown.tables)
        trained = _trained(lesson, key, scan, values)
    with words:
        _buttons(state, lesson, shown, trained)
        _told(shown)
        if trained:
            _told(trained)


def _shown(lesson: Lesson, scan: Scan | None, values: dict[str, Any], tell: Tell) -> Shown:
    tell(Stage("computing the lesson"))
    return lesson.show(scan, **values)


def _told(shown: Shown) -> None:
    st.markdown("**What happened**")
    for paragraph in shown.happened:
        st.markdown(plain(paragraph))


def _trained(lesson: Lesson, key: str, scan: Scan | None, values: dict[str, Any]) -> Shown | None:
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
        drawing.pictures_and_charts(f"{lesson.key}.trained", trained)
        drawing.tables(trained.tables)
    return trained


def _train(lesson: Lesson, scan: Scan | None, values: dict[str, Any], tell: Tell) -> Shown:
    if lesson.train is None:
        raise RuntimeError(f"lesson {lesson.key} has nothing to train")
    return lesson.train(scan, lambda share, words: tell(Stage(words, share, 1)), **values)


def _buttons(state: AppState, lesson: Lesson, shown: Shown, trained: Shown | None) -> None:
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
            partial(handout, lesson, shown, trained),
            f"{lesson.key}.html",
            "text/html",
            key="learn.handout",
            on_click="ignore",
            icon=":material/print:",
            help="This lesson with its numbers as one HTML page, which prints on A4.",
        )
    if state.learning.asked.get(lesson.key) == dict(lesson.breaks):
        st.caption(plain(lesson.breaking))
