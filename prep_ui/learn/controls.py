"""The controls of a lesson, and on what it is shown."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from prep_core.lessons import LESSONS, Lesson
from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from prep_ui.learn.kept import OWN, Learning
from prep_ui.session import state as sessions
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState
from prep_ui.session.store import sample
from prep_ui.text import plain
from prep_ui.tune.widgets import field_widget

IN_A_ROW = 4


def chosen(learning: Learning) -> Lesson:
    """The open lesson; the first one where none is, or none of that name."""
    if learning.lesson not in LESSONS:
        learning.lesson = next(iter(LESSONS))
    return LESSONS[learning.lesson]


def lesson_chooser(learning: Learning) -> None:
    """The list of all lessons."""
    keys = list(LESSONS)
    titles = [plain(f"{i} {lesson.title}") for i, lesson in enumerate(LESSONS.values(), start=1)]
    index = keys.index(learning.lesson)

    def take(title: str) -> None:
        learning.lesson = keys[titles.index(title)]

    st.radio(
        "Lessons",
        titles,
        index,
        help="Each is one screen: a question, a few controls, and what comes of them.",
        **bound("learn.lesson", titles[index], take),
    )


def scan_chooser(state: AppState, lesson: Lesson) -> None:
    """Choose what the lesson is shown on, where there is a choice."""
    choices = {"": "The lesson's own", **{name: SAMPLES[name].title for name in lesson.samples}}
    if lesson.takes_own:
        choices[OWN] = f"Your scan: {state.opened[state.chosen].name}"
    if len(choices) == 1:
        return
    learning = state.learning
    if learning.on.get(lesson.key, "") not in choices:
        learning.on.pop(lesson.key, None)
    on = learning.on.get(lesson.key, "")
    st.selectbox(
        "Shown on",
        list(choices),
        list(choices).index(on),
        choices.__getitem__,
        help=plain(
            f"Your scan is the one that is open. {lesson.takes_own}" if lesson.takes_own else "A built-in scan."
        ),
        **bound(
            f"learn.{lesson.key}.on",
            on,
            lambda choice: learning.on.update({lesson.key: choice}),
            list(choices.values()),
        ),
    )


def scan_of(state: AppState, lesson: Lesson) -> tuple[str, Scan | None]:
    """What the lesson is shown on: a name that no other scan has, and the scan; None for what it simulates."""
    on = state.learning.on.get(lesson.key, "")
    if on != OWN:
        return on, sample(on) if on else None
    scan = sessions.current(state)
    if scan is None:
        st.warning("This scan had to make room for others, so the lesson shows its own. Open it again on Inspect.")
        return "", None
    return sessions.identity(state), scan


def settings(learning: Learning, lesson: Lesson) -> dict[str, Any]:
    """A value for each control; where an address asks for an impossible one it is said, and all begin anew."""
    try:
        return lesson.parse(learning.asked.get(lesson.key, {}))
    except ValueError as fault:
        learning.asked.pop(lesson.key)
        st.warning(plain(f"The address asks for a setting that this lesson does not have, so it begins anew: {fault}."))
        return lesson.parse({})


def controls(learning: Learning, lesson: Lesson, values: Mapping[str, Any]) -> None:
    """A widget for each control that has a meaning here."""
    idle = lesson.simulates if learning.on.get(lesson.key) else ()
    fields = [field for field in lesson.controls.values() if _matters(field.p.when, values) and field.name not in idle]
    for start in range(0, len(fields), IN_A_ROW):
        for column, field in zip(st.columns(IN_A_ROW), fields[start : start + IN_A_ROW], strict=False):
            with column:
                change = _change(learning, lesson, field.name)
                field_widget(field, values[field.name], f"learn.{lesson.key}.{field.name}", change, None, "")


def _matters(when: tuple[str, str] | None, values: Mapping[str, Any]) -> bool:
    return when is None or values[when[0]] == when[1]


def _change(learning: Learning, lesson: Lesson, name: str) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        learning.asked.setdefault(lesson.key, {})[name] = value

    return change
