"""Two results side by side: linked pictures, their difference, how their values go together, and figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from prep_core.measuring import Measured
from prep_core.quality.pair import PairFigures, pair_figures
from prep_core.quality.two import as_picture, difference, on_one_grid
from prep_core.scan import Scan
from prep_ui.compare import figures_of_two
from prep_ui.compare.pictures import MOST_APART, common_greys, difference_pane, side_by_side, span_of, told
from prep_ui.text import plain
from prep_ui.work import running
from prep_ui.work.compute import Shown
from prep_ui.work.job import Stage, Tell

MAGNIFIED = (1, 2, 5, 10, 20, 50, 100)
SLICE, WHOLE = "this slice", "the whole scan"
VIEWER = "compare.two"
ELSEWHERE = "The scans lie elsewhere in space: pixels are compared by their row and column."
Known = dict[str, dict[str, Measured]]
"""By the digest of the lines that run over the whole scan, and of those down to theirs: numbers measured before."""


@dataclass(frozen=True)
class Side:
    """One of the two results.

    Attributes
    ----------
    letter : "A" or "B"
    key : names scan and recipe, for what is computed from them
    place : names the plane
    whole : makes the result on the whole scan
    """

    letter: str
    key: str
    place: str
    shown: Shown
    whole: Callable[[], Scan]

    @property
    def plane(self) -> Scan:
        return self.shown.done[-1].scan if self.shown.done else self.shown.before

    @property
    def answered(self) -> bool:
        """Whether all lines were carried out."""
        return self.shown.error is None and self.shown.waiting is None

    @property
    def label(self) -> str:
        """The letter, and down to which line the plane shows the recipe."""
        done = f"after {self.shown.done[-1].line.step}" if self.shown.done else "as stored"
        error = self.shown.error
        return f"{self.letter}: {done}, stopped at line {error.line}" if error else f"{self.letter}: {done}"


@dataclass(frozen=True)
class Choice:
    """How two results are shown: as pictures from 0 to 1, in the same greys, and with what difference."""

    pictures: bool
    same_greys: bool
    magnify: int


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def known(identity: str) -> Known:
    """A place for numbers measured on a scan that is not the chosen one."""
    return {}


def draw(first: Side, second: Side, several_planes: bool, stack: Mapping[str, Any], place: DeltaGenerator) -> None:
    """Everything about the two, down to the figures; the options lie at `place`."""
    choice = pictures(first, second, stack, place)
    figures(first, second, choice, several_planes)


def pictures(first: Side, second: Side, stack: Mapping[str, Any], place: DeltaGenerator) -> Choice:
    """What has no answer yet or at all, how the two are to be shown, and both planes with their difference."""
    for side in (first, second):
        if side.shown.error:
            st.error(plain(f"{side.letter}: {side.shown.error}"))
        if side.shown.waiting:
            running.draw(side.shown.waiting)
    choice = _choice(first.plane, second.plane, place)
    _planes(first, second, choice, stack)
    return choice


def figures(first: Side, second: Side, choice: Choice, several_planes: bool) -> None:
    """The figures of the two, once both have an answer."""
    if not (first.answered and second.answered):
        st.caption("Figures are there once both recipes have an answer.")
        return
    found = _asked_for(first, second, choice.pictures, several_planes)
    if found:
        unit = "1" if choice.pictures else first.plane.unit
        figures_of_two.charts(found, unit, choice.pictures)
        figures_of_two.tables(found, unit)


def _choice(one: Scan, other: Scan, place: DeltaGenerator) -> Choice:
    """How the two are shown; the choices lie in a menu at `place`."""
    differ = one.unit != other.unit
    menu = place.popover("Options", width="stretch", help="Same greys, comparing as pictures, magnifying.")
    pictures = menu.toggle(
        "Compare as pictures",
        key="compare.two.pictures",
        persist_state="session",
        disabled=differ,
        help="Both from 0 at the 0.5 percentile to 1 at the 99.5, whatever their unit. Always so where units differ.",
    )
    greys = menu.toggle(
        "Same greys",
        value=True,
        key="compare.two.greys",
        persist_state="session",
        disabled=differ,
        help="Black and white are the same values in both pictures, so that their brightness compares.",
    )
    magnify = menu.select_slider(
        "Magnify the difference",
        MAGNIFIED,
        key="compare.two.magnify",
        format_func=lambda times: f"{times} x",
        persist_state="session",
        help="How many times narrower the range of the colours becomes, to see small differences.",
    )
    return Choice(bool(pictures or differ), bool(greys and not differ), int(magnify))


def _planes(first: Side, second: Side, choice: Choice, stack: Mapping[str, Any]) -> None:
    """Both planes, and how far the second is above or below the first where they have pixels in common."""
    drawn = {side.label: side.plane for side in (first, second)}
    greys = common_greys(drawn) if choice.same_greys else None
    if choice.same_greys and greys is None:
        st.caption(
            f"The range of one picture is more than {MOST_APART} times that of the other: each has greys of its own."
        )
    pair = (first.plane, second.plane)
    one, other = map(as_picture, pair) if choice.pictures and all(p.valid.any() for p in pair) else pair
    if complaint := on_one_grid(one, other):
        side_by_side(VIEWER, drawn, greys, None, stack)
        st.caption(plain(complaint))
        return
    by = difference(one, other)
    span = span_of(by) / choice.magnify
    label = "B − A, as pictures" if choice.pictures else "B − A"
    side_by_side(VIEWER, drawn, greys, difference_pane(one, by, span, label), stack)
    elsewhere = "" if np.allclose(one.affine, other.affine) else f" {ELSEWHERE}"
    st.caption(plain(f"{told(by, span, one.unit)}{elsewhere}"))


def _asked_for(first: Side, second: Side, pictures: bool, several_planes: bool) -> PairFigures | None:
    """The figures of what the user chose: this slice at once, the whole scan after a click."""
    keys = first.key, second.key, pictures
    scope = SLICE
    if several_planes:
        scope = st.segmented_control(
            "Figures of",
            (SLICE, WHOLE),
            default=SLICE,
            key="compare.two.scope",
            required=True,
            persist_state="session",
            help="The slice is compared at once; the whole scan takes as long as both recipes take on it.",
        )
    if scope == SLICE:
        return _of_planes(*keys, first.place, second.place, first.plane, second.plane)
    key = f"{first.key} {second.key} {pictures}"
    if not running.is_asked("pair", key):
        st.button(
            "Compute on the whole scan",
            key="compare.two.whole",
            type="primary",
            on_click=running.ask,
            args=("pair", key),
            help="Runs both recipes on every slice; the page stays usable meanwhile.",
        )
        return None
    kept = running.answer("pair", key, lambda tell: _of_whole(first, second, pictures, tell))
    return kept[0] if kept else None


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def _of_planes(
    one: str, other: str, pictures: bool, place: str, other_place: str, _first: Scan, _second: Scan
) -> PairFigures | None:
    return pair_figures(_first, _second, pictures)


def _of_whole(first: Side, second: Side, pictures: bool, tell: Tell) -> tuple[PairFigures | None]:
    """In a tuple, as None is an answer here."""
    tell(Stage("running A on the whole scan", 0, 3))
    one = first.whole()
    tell(Stage("running B on the whole scan", 1, 3))
    other = second.whole()
    tell(Stage("computing the figures", 2, 3))
    return (pair_figures(one, other, pictures),)
