"""What the recipe at hand makes of the scan when its gain, its offset or a few of its pixels are others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.quality.disturbed import drifted, frozen_on, with_hot_pixels
from prep_core.quality.travel import Spread, Stop, travelled
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan
from prep_ui.compare import pair
from prep_ui.compare.pair import Side
from prep_ui.compare.pictures import amount
from prep_ui.compare.tables import NONE, beside, grid, percent
from prep_ui.planes import slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work import compute, running
from prep_ui.work.compute import Shown

GAINS = (0.25, 0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0, 4.0)
OFFSETS = (-50, -20, -10, -5, 0, 5, 10, 20, 50)
HOT = (0.0, 1e-5, 1e-4, 1e-3, 1e-2)


class Disturbance(NamedTuple):
    """How the scan is made another: x becomes gain * x + offset (in percent of its range), then hot pixels."""

    gain: float
    offset: int
    hot: float


@dataclass(frozen=True, eq=False)
class Disturbed:
    """The scan as it would be, and which of its voxels are hot; None where none is."""

    scan: Scan
    hot: Scan | None


def section(state: AppState, scan: Scan) -> None:
    """The plane after the recipe as it is (A) and as it would be after a drift (B)."""
    recipe = sessions.recipe(state)
    if not recipe.lines:
        st.info("The recipe has no line yet. Add one on the Tune page, and see here what it makes of a drift.")
        return
    disturbance = _chosen()
    identity, at = sessions.identity(state), compute.place(state, scan)
    name = f"{identity} {disturbance}"
    frozen, other = _frozen(identity, recipe, scan), _disturbed(name, disturbance, scan)
    if frozen is None or other is None:
        return
    place = ",".join(f"{axis}{i}" for axis, i in at.items())
    before = compute.plane_of(identity, scan, frozen.lines, at, state.known, "A")
    after = compute.plane_of(name, other.scan, frozen.lines, at, pair.known(name), "B")
    stops = travelled(_planes(before), _planes(after), _others(other, at))
    first = Side("A", f"{identity} {frozen.digest}", place, before, partial(apply, frozen, scan))
    second = Side("B", f"{name} {frozen.digest}", place, after, partial(apply, frozen, other.scan))
    numbers, options = st.columns([6.8, 1.2], vertical_alignment="center")
    with numbers:
        _verdict(stops if first.answered and second.answered else ())
    choice = pair.pictures(first, second, slice_view.in_stack(state, scan, pair.VIEWER), options)
    _way(before, stops)
    pair.figures(first, second, choice, any(scan.size(axis) > 1 for axis in "TCZ"))


def _chosen() -> Disturbance:
    left, middle, right = st.columns(3)
    gain = left.select_slider(
        "Gain",
        GAINS,
        value=2.0,
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


def _planes(shown: Shown) -> list[Scan]:
    return [shown.before, *(done.scan for done in shown.done)]


def _others(disturbed: Disturbed, at: dict[str, int]) -> NDArray[np.bool_] | None:
    """The pixels of the plane that are not hot."""
    if disturbed.hot is None:
        return None
    cold: NDArray[np.bool_] = compute.pixels(disturbed.hot.take(at)) == 0
    return cold


def _verdict(stops: Sequence[Stop | None]) -> None:
    """What is left of the disturbance after the last line, in numbers."""
    first, last = (stops[0], stops[-1]) if stops else (None, None)
    before, after = (None if stop is None else stop.moved for stop in (first, last))
    through = after / before if before and after is not None else None
    with st.container(horizontal=True, key="compare-drift-verdict"):
        st.metric(
            "The scan moves",
            plain(percent(before)),
            help="RMS change of the stored values of this slice over their standard deviation, without hot pixels.",
        )
        st.metric(
            "The result moves",
            plain(percent(after)),
            help="The same of the values after the last line. 0 % does not notice, 100 % is another scan.",
        )
        st.metric("Let through", plain(percent(through)), help="How far the result moves over how far the scan moves.")
        st.metric(
            "Range left",
            plain(percent(None if last is None else last.kept)),
            help="From the 1 to the 99 percentile of the result, with the disturbance over without it. Little is left "
            "where a few hot pixels set the scale.",
        )


def _way(before: Shown, stops: Sequence[Stop | None]) -> None:
    """A row for the scan and for each line."""
    names = ["as stored", *(f"after {i} {done.line.step}" for i, done in enumerate(before.done, start=1))]
    rows = [(name, *_row(stop)) for name, stop in zip(names, stops, strict=False)]
    grid(("this slice", "moved", "mean A", "mean B", "std A", "std B", "p1 to p99 of B over A"), rows)
    st.caption(
        "A is the result as it is, B that of the scan with this gain, offset and hot pixels. Moved: RMS change over "
        "the standard deviation of A. Lines measured over the image are measured anew; fitted numbers stay. "
        "Hot pixels lie 10 ranges above the least value; this table leaves them out."
    )


def _row(stop: Stop | None) -> tuple[str, ...]:
    if stop is None:
        return (NONE,) * 6
    a, b = stop.undisturbed, stop.disturbed
    means = (_mean(a), _mean(b))
    return percent(stop.moved), *means, amount(a.std, a.unit), amount(b.std, b.unit), percent(stop.kept)


def _mean(spread: Spread) -> str:
    return amount(beside(spread.mean, spread.std), spread.unit)


def _frozen(identity: str, recipe: Recipe, scan: Scan) -> Recipe | None:
    """The lines that wait for a training set, measured on the scan as it is; None while they are."""
    if not recipe.waiting:
        return recipe
    return running.answer("frozen", f"{identity} {recipe.digest}", lambda tell: frozen_on(recipe, scan)[0])


def _disturbed(name: str, disturbance: Disturbance, scan: Scan) -> Disturbed | None:
    """The disturbed scan; None while it is made."""
    return running.answer("disturbed", name, lambda tell: _with(disturbance, scan))


def _with(disturbance: Disturbance, scan: Scan) -> Disturbed:
    gain, offset, hot = disturbance
    moved = drifted(scan, gain=gain, offset=offset / 100)
    if not hot:
        return Disturbed(moved, None)
    other, places = with_hot_pixels(moved, share=hot)
    marks = np.zeros(other.data.shape, np.uint8)
    marks.reshape(-1)[places] = 1
    return Disturbed(other, replace(scan, data=marks, valid=np.array(True), mask=None))
