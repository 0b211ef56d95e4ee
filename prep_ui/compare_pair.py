"""Two results side by side: linked pictures, their difference, how their values go together, and figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from prep_core.measuring import Measured
from prep_core.quality.overlaid import Overlaid, ends_of, linear_axis, shares_on
from prep_core.quality.rows import Figure, own_rows
from prep_core.quality.two import Agreement, Joint, agreement, as_picture, difference, joint, on_one_grid
from prep_core.run import StepError
from prep_core.scan import Scan
from prep_ui.comparison_charts import joint_map
from prep_ui.comparison_pictures import side_by_side
from prep_ui.comparison_table import READING, fixed, grid, percent, reading
from prep_ui.compute import Shown
from prep_ui.dataset.charts import overlaid
from prep_ui.text import plain
from prep_ui.widgets import NAMELESS

MAGNIFIED = (1, 2, 5, 10, 20, 50, 100)
SLICE, WHOLE = "this slice", "the whole scan"
Known = dict[str, dict[str, Measured]]
"""By the digest of the lines that run over the whole scan, and of those down to theirs: numbers measured before."""

_CONFIG: Mapping[str, bool] = {"displayModeBar": False}


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
    def label(self) -> str:
        return (
            f"{self.letter}: after {self.shown.done[-1].line.step}" if self.shown.done else f"{self.letter}: as stored"
        )


@dataclass(frozen=True, eq=False)
class Figures:
    """What is told of two results; without those of one against the other where they have no voxel in common."""

    own: tuple[Figure, ...]
    chart: Overlaid
    agreement: Agreement | None
    joint: Joint | None


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def known(identity: str) -> Known:
    """A place for numbers measured on a scan that is not the chosen one."""
    return {}


def draw(first: Side, second: Side, several_planes: bool) -> None:
    """Everything about the two, down to the figures."""
    for side in (first, second):
        if side.shown.error:
            st.error(plain(f"{side.letter}: {side.shown.error}"))
    pictures, same_greys, magnify = _choices(first.plane, second.plane)
    one, other = (
        as_picture(side.plane) if pictures and side.plane.valid.any() else side.plane for side in (first, second)
    )
    complaint = on_one_grid(one, other)
    by = None if complaint else difference(one, other)
    drawn = {side.label: side.plane for side in (first, second)}
    side_by_side(drawn, same_greys, by, magnify, one.unit)
    if complaint:
        st.caption(plain(complaint))
    if first.shown.error or second.shown.error:
        st.caption("Figures are there once both recipes have an answer.")
        return
    found = _asked_for(first, second, pictures, several_planes)
    if found:
        _charts(found, one.unit)
        _tables(found, one.unit)


def _choices(one: Scan, other: Scan) -> tuple[bool, bool, int]:
    """Whether both are compared as pictures, whether both have the same greys, and how the difference is magnified."""
    differ = one.unit != other.unit
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    pictures = left.toggle(
        "Compare as pictures",
        key="compare.two.pictures",
        persist_state="session",
        disabled=differ,
        help="Both from 0 at the 0.5 percentile to 1 at the 99.5, whatever their unit. Always so where units differ.",
    )
    greys = middle.toggle(
        "Same greys",
        value=True,
        key="compare.two.greys",
        persist_state="session",
        disabled=differ,
        help="Black and white are the same values in both pictures, so that their brightness compares.",
    )
    magnify = right.select_slider(
        "Magnify the difference",
        MAGNIFIED,
        key="compare.two.magnify",
        persist_state="session",
        help="How many times narrower the range of the colours becomes, to see small differences.",
    )
    return bool(pictures or differ), bool(greys and not differ), int(magnify)


def _asked_for(first: Side, second: Side, pictures: bool, several_planes: bool) -> Figures | None:
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
    kept = _of_whole(*keys)
    if not kept and st.button("Compute on the whole scan", key="compare.two.whole", type="primary"):
        try:
            with st.spinner("Running both recipes on the whole scan"):
                kept.append(_figures(first.whole(), second.whole(), pictures))
        except (StepError, ValueError) as error:
            st.error(plain(str(error)))
    return kept[0] if kept else None


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def _of_planes(
    one: str, other: str, pictures: bool, place: str, other_place: str, _first: Scan, _second: Scan
) -> Figures | None:
    return _figures(_first, _second, pictures)


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def _of_whole(one: str, other: str, pictures: bool) -> list[Figures | None]:
    """A place for what was computed from two whole results."""
    return []


def _figures(one: Scan, other: Scan, pictures: bool) -> Figures | None:
    if not (one.valid.any() and other.valid.any()):
        return None
    own = own_rows(one, other)
    if pictures:
        one, other = as_picture(one), as_picture(other)
    axis = linear_axis([ends_of(one), ends_of(other)], one.unit)
    chart = Overlaid(axis, {"A": shares_on(axis, one), "B": shares_on(axis, other)})
    if on_one_grid(one, other):
        return Figures(own, chart, None, None)
    return Figures(own, chart, agreement(one, other), joint(one, other))


def _charts(found: Figures, unit: str) -> None:
    said = "" if unit in NAMELESS else f", {unit}"
    left, right = st.columns(2)
    roles = {"A": "training", "B": "test"}
    with left:
        st.plotly_chart(
            overlaid("values of A (grey) and B (dotted)", found.chart, roles, ("B",), log_counts=True),
            key="compare.two.values",
            config=dict(_CONFIG),
        )
    with right:
        if found.joint:
            figure = joint_map(found.joint, f"A{said}", f"B{said}", diagonal=True)
            st.plotly_chart(figure, key="compare.two.joint", config=dict(_CONFIG))


def _tables(found: Figures, unit: str) -> None:
    if found.agreement:
        a = found.agreement
        rows = [
            ("mean difference", fixed(a.mean, unit)),
            ("RMSE", fixed(a.rmse, unit)),
            ("moved", percent(a.relative)),
            ("largest difference", fixed(a.largest, unit)),
            ("equal voxels", percent(a.equal)),
            ("correlation of both", fixed(a.correlation, "", 4)),
            ("NMI", fixed(a.nmi, "", 3)),
            ("PSNR of B", fixed(a.psnr, "dB", 1)),
            ("SSIM of B", fixed(a.ssim, "", 3)),
        ]
        grid(("B against A", "value", READING), [(*row, reading(row[0])) for row in rows], (0, 2))
    own = [(f.name, fixed(f.before, f.unit_before), fixed(f.after, f.unit_after)) for f in found.own]
    grid(("figure", "A", "B", READING), [(*row, reading(row[0])) for row in own], (0, 3))
