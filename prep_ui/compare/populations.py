"""One measured line over several populations: the image, each plane, each patch, the training set; with the seams."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.quality.probing import has_probes
from prep_core.quality.seams import Patchwise, patchwise
from prep_core.scan import Scan
from prep_ui.compare.pictures import field_pane
from prep_ui.compare.tables import beside, fixed, grid
from prep_ui.planes import panes, slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain
from prep_ui.tune.widgets import NAMELESS
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute, running
from prep_ui.work.compute import Shown

HEIGHT = 230
VIEWER = "compare.populations"
SIDES = (16, 32, 64, 128, 256)


def section(state: AppState, scan: Scan) -> None:
    """The plane below the chosen line, measured over each population, and the seams between patches."""
    lines = sessions.recipe(state).lines
    measured = [i for i, line in enumerate(lines) if has_probes(line) and "image" in line.spec.population["over"]]
    if not measured:
        st.info("The recipe has no line that measures the scan and then acts on each voxel, such as zscore or minmax.")
        return
    chosen, side = _choices(lines, measured)
    before = _run(state, scan, lines[:chosen], "below")
    results = {name: _run(state, scan, (*lines[:chosen], line), name) for name, line in _over(lines[chosen])}
    for name, result in results.items():
        if result.error:
            st.error(plain(f"{name}: {result.error}"))
    if waiting := [result.waiting for result in (before, *results.values()) if result.waiting]:
        running.draw(waiting[0])
        return
    if any(result.error for result in results.values()):
        return
    planes = {name: _plane(result) for name, result in results.items()}
    reference = planes["per image"]
    found = patchwise(lines[chosen], _plane(before), compute.pixels(reference).astype(np.float64), side)
    _pictures(planes, found, slice_view.in_stack(state, scan, VIEWER))
    _told(found, reference, side, lines[chosen].fitted is not None)
    pixels = {name: compute.pixels(plane)[_valid(plane)] for name, plane in planes.items()}
    per_patch = found.result[np.isfinite(found.result)]
    _table(pixels | ({"per patch": per_patch} if per_patch.size else {}), reference.unit)


def _choices(lines: tuple[Line, ...], measured: list[int]) -> tuple[int, int]:
    if st.session_state.get("compare.populations.line") not in measured:
        st.session_state["compare.populations.line"] = measured[-1]
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox(
        "Line",
        measured,
        format_func=lambda i: f"{i + 1} {lines[i].step}",
        key="compare.populations.line",
        persist_state="session",
        help="A line that measures numbers and then acts on each voxel by itself.",
    )
    side = right.select_slider(
        "Side of a patch",
        SIDES,
        value=64,
        format_func=lambda side: f"{side} px",
        key="compare.populations.side",
        persist_state="session",
        help="Each patch is measured as if it were an image of its own, as a loader of patches does.",
    )
    return int(chosen), int(side)


def _over(line: Line) -> Iterator[tuple[str, Line]]:
    """The line as it is measured over each population but patches, under its name."""
    alone = replace(line, over="image", pool="", fitted=None)
    yield "per image", replace(alone, per="all") if line.per == "plane" else alone
    if "plane" in line.spec.population["per"]:
        yield "per plane", replace(alone, per="plane")
    if line.fitted:
        yield "training set", line


def _run(state: AppState, scan: Scan, lines: tuple[Line, ...], role: str) -> Shown:
    identity, at = sessions.identity(state), compute.place(state, scan)
    return compute.plane_of(identity, scan, lines, at, state.known, role)


def _plane(result: Shown) -> Scan:
    return result.done[-1].scan if result.done else result.before


def _valid(plane: Scan) -> NDArray[np.bool_]:
    return plane.valid.reshape(plane.data.shape[-2:])


def _pictures(planes: dict[str, Scan], found: Patchwise, stack: Mapping[str, Any]) -> None:
    """All results in the greys of the first, then the seams and the noise from 0 to their largest."""
    reference = planes["per image"]
    low, high = _short(*compute.grey_range(reference))
    place, unit = Place.of(reference), reference.unit
    first, *others = (panes.pane(plane, name, (low, high), counted=False) for name, plane in planes.items())
    patches = Pane(found.result, low, high, "per patch", unit, place=place)
    fields = field_pane(found.seams, "seams", unit, place), field_pane(found.noise, "noise gain", "x", place)
    # The first two can be swiped: the whole image and the patches.
    shown = [first, patches, *others, *fields]
    viewer(shown, key=VIEWER, pixel_aspect=panes.aspect(reference), height=HEIGHT, **stack)


def _short(low: float, high: float) -> tuple[float, float]:
    """Rounded to a hundredth of the range, which is all that fits above a narrow picture."""
    digits = 2 - math.floor(math.log10(high - low))
    return round(low, digits), round(high, digits)


def _told(found: Patchwise, reference: Scan, side: int, fitted: bool) -> None:
    unit = "" if reference.unit in NAMELESS else f" {reference.unit}"
    spread = float(compute.pixels(reference)[_valid(reference)].std())
    seams = found.seams[found.seams > 0]
    gains = found.noise[np.isfinite(found.noise)]
    words = [f"{found.patches} patches of {side} x {side} pixels at most, in the greys of the first picture."]
    if seams.size:
        share = f" on average ({seams.mean() / spread:.2g} standard deviations of the image)" if spread else ""
        words.append(f"At a border the same value differs by {number(float(f'{seams.mean():.3g}'))}{unit}{share}.")
    if gains.size:
        low, high = (number(float(f"{gain:.3g}")) for gain in (gains.min(), gains.max()))
        words.append(f"Noise gain, the spread in a patch over that of the first picture there: {low} to {high} x.")
    if found.refused:
        words.append(f"{found.refused} patches have no answer, such as constant ones or padding.")
    if not fitted:
        words.append("The training set stands here too, once the recipe is fitted on the Dataset page.")
    st.caption(plain(" ".join(words)))


def _table(values: dict[str, NDArray[np.floating]], unit: str) -> None:
    rows = []
    for name, pixels in values.items():
        wide = pixels.astype(np.float64)
        std = float(wide.std())
        figures = (beside(float(wide.mean()), std), std, *np.percentile(wide, (1, 50, 99)))
        rows.append((name, *(fixed(float(f"{figure:.4g}"), unit) for figure in figures)))
    grid(("this slice", "mean", "std", "p1", "p50", "p99"), rows)
