"""One measured line over several populations: the image, each plane, each patch, the training set; with the seams."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.quality.probing import has_probes
from prep_core.quality.seams import Patchwise, patchwise
from prep_core.scan import Scan
from prep_ui import compute, panes
from prep_ui import state as sessions
from prep_ui.comparison_table import fixed, grid
from prep_ui.compute import Shown
from prep_ui.state import AppState
from prep_ui.text import number, plain
from prep_ui.viewer import Pane, viewer
from prep_ui.widgets import NAMELESS

HEIGHT = 230
SIDES = (16, 32, 64, 128, 256)


def section(state: AppState, scan: Scan) -> None:
    """The plane below the chosen line, measured over each population, and the seams between patches."""
    lines = sessions.recipe(state).lines
    measured = [i for i, line in enumerate(lines) if has_probes(line) and "image" in line.spec.population["over"]]
    if not measured:
        st.info("The recipe has no line that measures the scan and then acts on each voxel, such as zscore or minmax.")
        return
    chosen, side = _choices(lines, measured)
    before = _run(state, scan, lines[:chosen])
    results = {name: _run(state, scan, (*lines[:chosen], line)) for name, line in _over(lines[chosen])}
    for name, result in results.items():
        if result.error:
            st.error(plain(f"{name}: {result.error}"))
    if any(result.error for result in results.values()):
        return
    planes = {name: _plane(result) for name, result in results.items()}
    reference = planes["per image"]
    found = patchwise(lines[chosen], _plane(before), compute.pixels(reference).astype(np.float64), side)
    _pictures(planes, found, panes.aspect(scan))
    _told(found, reference, side)
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
    per = line.spec.population["per"]
    yield "per image", replace(alone, per="all")
    if "plane" in per:
        yield "per plane", replace(alone, per="plane")
    if line.fitted:
        yield "training set", line


def _run(state: AppState, scan: Scan, lines: tuple[Line, ...]) -> Shown:
    return compute.plane_of(sessions.identity(state), scan, lines, compute.place(state, scan), state.known)


def _plane(result: Shown) -> Scan:
    return result.done[-1].scan if result.done else result.before


def _valid(plane: Scan) -> NDArray[np.bool_]:
    return plane.valid.reshape(plane.data.shape[-2:])


def _pictures(planes: dict[str, Scan], found: Patchwise, aspect: float) -> None:
    """All results in the greys of the first, then the seams and the noise from 0 to their largest."""
    reference = planes["per image"]
    low, high = compute.grey_range(reference)
    unit = reference.unit
    results = [Pane(compute.pixels(plane), low, high, name, unit) for name, plane in planes.items()]
    results.append(Pane(found.result, low, high, "per patch", unit))
    maps = [
        Pane(found.seams, 0.0, _largest(found.seams), "seams", unit),
        Pane(found.noise, 0.0, _largest(found.noise), "noise gain", "x"),
    ]
    viewer([*results, *maps], key="compare.populations", pixel_aspect=aspect, height=HEIGHT)


def _largest(values: NDArray[np.float64]) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0


def _told(found: Patchwise, reference: Scan, side: int) -> None:
    unit = "" if reference.unit in NAMELESS else f" {reference.unit}"
    spread = float(compute.pixels(reference)[_valid(reference)].std())
    seams = found.seams[found.seams > 0]
    gains = found.noise[np.isfinite(found.noise)]
    words = [f"{found.patches} patches of {side} x {side} pixels at most, in the greys of the first picture."]
    if seams.size:
        share = f", {seams.mean() / spread:.2g} standard deviations of the image" if spread else ""
        words.append(f"At a border the same value differs by {number(float(f'{seams.mean():.3g}'))}{unit}{share}.")
    if gains.size:
        low, high = (number(float(f"{gain:.3g}")) for gain in (gains.min(), gains.max()))
        words.append(f"Noise gain, the spread in a patch over that of the first picture there: {low} to {high} x.")
    if found.refused:
        words.append(f"{found.refused} patches have no answer, such as constant ones or padding.")
    st.caption(plain(" ".join(words)))


def _table(values: dict[str, NDArray[np.floating]], unit: str) -> None:
    rows = []
    for name, pixels in values.items():
        wide = pixels.astype(np.float64)
        figures = (wide.mean(), wide.std(), *np.percentile(wide, (1, 50, 99)))
        rows.append((name, *(fixed(float(f"{figure:.4g}"), unit) for figure in figures)))
    grid(("this slice", "mean", "std", "p1", "p50", "p99"), rows)
