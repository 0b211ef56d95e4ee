"""A card: one line of the recipe with what it measured, what it clipped, and the plane after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from prep_core.findings.words import percent
from prep_core.measuring import Measured
from prep_core.run import Done
from prep_core.steps import STEPS
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState, Card
from prep_ui.text import count, number, plain
from prep_ui.tune.drag_handle import drag_handle
from prep_ui.tune.thumbnails import inline, sparkline, thumbnail
from prep_ui.tune.timing import duration

PICTURE, LONGEST = 48, 192
"""Pixels of width of the picture and of the histogram."""

OF_THE_VALUES = frozenset({"clipped_low", "clipped_high", "limited_low", "limited_high", "at_floor", "voxels_inside"})
"""Tallies that are told as a share of the plane's voxels."""


@dataclass(frozen=True)
class Outcome:
    """What became of a line.

    Attributes
    ----------
    position : of the line, counted from 1 among those that are switched on
    done : None where it is switched off, or a line above has no answer
    of_plane : whether it was carried out on the plane alone, so that its tally is of the plane
    error : why it has no answer
    remarks : what is odd about it
    seconds : how long it took, where it was carried out
    """

    position: int
    done: Done | None = None
    of_plane: bool = True
    error: str = ""
    remarks: Sequence[str] = ()
    seconds: float = 0.0


def draw(state: AppState, card: Card, outcome: Outcome) -> None:
    """Draw one card."""
    with st.container(border=True, key=f"card-{card.uid}", gap="xxsmall"):
        with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
            _handle(state, card)
            _name(state, card, outcome.position)
            _icons(state, card)
        if outcome.error:
            st.error(plain(outcome.error))
        elif outcome.done:
            _result(outcome.done, outcome.of_plane, outcome.seconds)
        for remark in outcome.remarks:
            st.caption(f":material/warning: {plain(remark)}")


def _handle(state: AppState, card: Card) -> None:
    drag_handle(
        f"tune.{card.uid}.handle",
        card.uid,
        card.line.step,
        state.cards.index(card),
        len(state.cards),
        lambda to: sessions.place(state, card.uid, to),
    )


def _name(state: AppState, card: Card, position: int) -> None:
    number_or_dash = str(position) if card.on else "–"
    st.button(
        plain(f"{number_or_dash} {card.line.step}"),
        key=f"tune.{card.uid}.select",
        type="primary" if card.uid == state.selected else "tertiary",
        width="stretch",
        help=plain(STEPS[card.line.step].help),
        on_click=lambda: setattr(state, "selected", card.uid),
    )


def _icons(state: AppState, card: Card) -> None:
    key, uid = f"tune.{card.uid}", card.uid
    _icon(
        f"{key}.on",
        ":material/visibility:" if card.on else ":material/visibility_off:",
        "Switch this line off." if card.on else "Switch this line on.",
        lambda: sessions.edit(state, uid, lambda c: replace(c, on=not c.on)),
    )
    _icon(
        f"{key}.copy",
        ":material/content_copy:",
        "Put a copy of this line below it.",
        lambda: sessions.duplicate(state, uid),
    )
    _icon(f"{key}.remove", ":material/close:", "Remove this line.", lambda: sessions.edit(state, uid, lambda c: None))


def _icon(key: str, icon: str, help: str, act: Callable[[], None]) -> None:
    st.button("", icon=icon, key=key, type="tertiary", help=plain(help), on_click=act)


def _result(done: Done, of_plane: bool, seconds: float) -> None:
    """The plane after the line, its histogram, and the words."""
    mask = done.line.spec.gives == "mask"
    step = done.line.step
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        alt = f"the mask of {step}" if mask else f"the slice after {step}"
        # Not as bytes: the browser would fetch them by themselves, and find nothing once a newer run has others.
        st.image(inline(thumbnail(done.scan, mask)), width=PICTURE, alt=alt)
        with st.container(gap=None):
            st.image(sparkline(done.scan), width=LONGEST, alt=f"log counts of the values after {step}")
            st.caption(_words(done, of_plane, seconds))


def _words(done: Done, of_plane: bool, seconds: float) -> str:
    """What was measured, what was clipped, the unit that follows, and how long it took."""
    parts = [_numbers(done.measured)] if done.measured.voxels else []
    voxels = int(done.scan.valid.sum())
    for name, amount in done.tally.items():
        if amount:
            told = percent(amount / voxels) if of_plane and name in OF_THE_VALUES else _amount(amount)
            parts.append(f"{told} {name.replace('_', ' ')}")
    unit = "no unit" if done.scan.unit == "1" else f"in {done.scan.unit}"
    return plain(" · ".join([*parts, unit, f"{'plane' if of_plane else 'scan'} in {duration(seconds)}"]))


def _amount(n: float) -> str:
    return count(n) if isinstance(n, int) else number(n)


def _numbers(measured: Measured) -> str:
    words = [f"{name} {' x '.join(map(str, array.data.shape[1:]))}" for name, array in measured.arrays.items()]
    for name, value in measured.numbers.items():
        values = value if isinstance(value, tuple) else (value,)
        words.append(f"{name} {', '.join(map(number, values[:3]))}{' …' if len(values) > 3 else ''}")
    return f"{'; '.join(words)} from {count(measured.voxels)} voxels"
