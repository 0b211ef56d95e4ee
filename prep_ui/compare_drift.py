"""What the recipe at hand makes of the scan when its gain, its offset or a few of its pixels are others."""

from functools import partial
from typing import NamedTuple

import streamlit as st

from prep_core.quality.disturbed import drifted, frozen_on, with_hot_pixels
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan
from prep_ui import compare_pair, compute
from prep_ui import state as sessions
from prep_ui.compare_pair import Side
from prep_ui.state import AppState
from prep_ui.text import plain

GAINS = (0.25, 0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0, 4.0)
OFFSETS = (-50, -20, -10, -5, 0, 5, 10, 20, 50)
HOT = (0.0, 1e-5, 1e-4, 1e-3)


class Disturbance(NamedTuple):
    """How the scan is made another: x becomes gain * x + offset (in percent of its range), then hot pixels."""

    gain: float
    offset: int
    hot: float


def section(state: AppState, scan: Scan) -> None:
    """The plane after the recipe as it is (A) and as it would be after a drift (B)."""
    recipe = sessions.recipe(state)
    if not recipe.lines:
        st.info("The recipe has no line yet. Add one on the Tune page, and see here what it makes of a drift.")
        return
    disturbance = _chosen()
    identity, at = sessions.identity(state), compute.place(state, scan)
    try:
        frozen = _frozen(identity, recipe.digest, recipe, scan) if recipe.waiting else recipe
        other = _disturbed(identity, disturbance, scan)
    except (StepError, ValueError) as error:
        st.error(plain(str(error)))
        return
    name = f"{identity} {disturbance}"
    place = ",".join(f"{axis}{i}" for axis, i in at.items())
    before = compute.plane_of(identity, scan, frozen.lines, at, state.known)
    after = compute.plane_of(name, other, frozen.lines, at, compare_pair.known(name))
    compare_pair.draw(
        Side("A", f"{identity} {frozen.digest}", place, before, partial(apply, frozen, scan)),
        Side("B", f"{name} {frozen.digest}", place, after, partial(apply, frozen, other)),
        any(scan.size(axis) > 1 for axis in "TCZ"),
    )
    st.caption(
        "A is the result as it is, B the result of the scan with this gain, offset and hot pixels. Lines measured over "
        "the image are measured anew, fitted numbers stay. Hot pixels lie 10 ranges above the least value."
    )


def _chosen() -> Disturbance:
    left, middle, right = st.columns(3)
    gain = left.select_slider(
        "Gain",
        GAINS,
        value=1.0,
        format_func=lambda gain: f"x {gain:g}",
        key="compare.drift.gain",
        persist_state="session",
        help="Every value is multiplied, as by another exposure, coil or laser power.",
    )
    offset = middle.select_slider(
        "Offset",
        OFFSETS,
        value=0,
        format_func=lambda percent: f"{percent:+d} %" if percent else "0 %",
        key="compare.drift.offset",
        persist_state="session",
        help="Added to every value, in percent of the range of the scan from its 0.1 to its 99.9 percentile.",
    )
    hot = right.select_slider(
        "Hot pixels",
        HOT,
        value=0.0,
        format_func=lambda share: f"{100 * share:g} %",
        key="compare.drift.hot",
        persist_state="session",
        help="The share of valid voxels that become ten ranges bright, drawn at fixed places.",
    )
    return Disturbance(float(gain), int(offset), float(hot))


@st.cache_resource(show_spinner=False, scope="session", max_entries=4)
def _frozen(identity: str, digest: str, _recipe: Recipe, _scan: Scan) -> Recipe:
    """The lines that wait for a training set, measured on the scan as it is."""
    return frozen_on(_recipe, _scan)[0]


@st.cache_resource(show_spinner=False, scope="session", max_entries=1)
def _disturbed(identity: str, disturbance: Disturbance, _scan: Scan) -> Scan:
    gain, offset, hot = disturbance
    moved = drifted(_scan, gain=gain, offset=offset / 100)
    return with_hot_pixels(moved, share=hot)[0] if hot else moved
