"""The histograms of Tune, on which the parameters of the selected line are set by dragging."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.line import Line, measuring_digest
from prep_core.linked import quantiles
from prep_core.running import run_lines
from prep_core.scan import Scan
from prep_ui.histograms import Chart, Steer, histograms
from prep_ui.inspecting.histogram_charts import Decibels, decibels, noise_floor
from prep_ui.safety.file_names import file_name
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.tune.editor import set_values
from prep_ui.tune.steering import steer, steered, values_of
from prep_ui.tune.tune_charts import Selected, Stored, charts_of, selected, stored
from prep_ui.work import compute, running
from prep_ui.work.compute import Shown
from prep_ui.work.job import Stage, Tell
from prep_ui.work.plane_run import telling, whole_so_far
from prep_ui.work.results import Results

KEY = "tune.histograms"

HEIGHTS = (180, 180, 126, 108)
"""CSS pixels of a chart where there are one, two, ... of them: together about as high as the viewer beside them."""


def draw(state: AppState, scan: Scan, shown: Shown) -> None:
    """Draw the charts; those of the selected line's input steer its parameters."""
    if not shown.before.valid.any():
        return
    identity = sessions.identity(state)
    scale, noise = _scale(identity, scan) if compute.is_measured(identity) else (None, None)
    chosen = selected(state, shown)
    charts = charts_of(shown, chosen, _stored(identity, compute.place(state, scan), shown.before, scale, noise))
    place = st.container()
    handles = _steer(state, scan, shown, chosen, charts) if chosen else None

    def follow() -> None:
        asked = st.session_state[KEY]["steer"]
        # A browser may ask for anything, also for a line that is selected no more.
        found = steered(chosen.card.line) if chosen else None
        if asked and chosen and found and asked["uid"] == chosen.card.uid:
            set_values(state, chosen.card.uid, dict(values_of(found, asked["values"])))

    height = HEIGHTS[min(len(charts), len(HEIGHTS)) - 1]
    name = file_name(f"{scan.name} histograms")
    with place:
        histograms(charts, key=KEY, name=name, steer=handles, on_steer=follow, height=height, stacked=True)


def _stored(identity: str, place: dict[str, int], plane: Scan, scale: Decibels | None, noise: float | None) -> Stored:
    """Counted once for each plane, and again once the scan is measured."""
    key = f"stored:{identity} {place} {scale} {noise}"
    return running.of_session().results.once(key, partial(stored, plane, scale, noise))


def _steer(state: AppState, scan: Scan, shown: Shown, chosen: Selected, charts: Sequence[Chart]) -> Steer | None:
    """The handles of the selected line, on the chart of what enters it."""
    line, above = chosen.card.line, chosen.above
    found = steered(line)
    if found is None:
        return None
    ids = [chart.id for chart in charts]
    chart = "raw" if above == 0 else "into" if "into" in ids else "after"
    if chart not in ids:
        return None
    measured = shown.done[above].measured if above < len(shown.done) else None
    curve = None
    # A line that has no answer may not have any voxels to measure either.
    if found.percents and measured:
        lines = tuple(done.line for done in shown.done[:above])
        curve = _curve(state, scan, line, lines)
    return steer(line, chosen.card.uid, above + 1, chart, curve, measured)


def population(line: Line) -> Line:
    """`line` without the numbers that say which percentiles are wanted: whatever they are, the voxels are the same."""
    defaults = {name: line.spec.fields[name].default for name in found.names} if (found := steered(line)) else {}
    return replace(line, params={**line.params, **defaults}, fitted=None)


def _curve(state: AppState, scan: Scan, line: Line, lines: Sequence[Line]) -> NDArray[np.float64] | None:
    """The percentiles of what `line` measures below `lines`, once for each such population; None while they come."""
    identity, results = sessions.identity(state), running.of_session().results
    place = compute.place(state, scan) if line.per != "all" else {}
    key = f"{identity} {measuring_digest([*lines, population(line)])} {place}"
    return running.answer("percentiles", key, partial(_percentiles, identity, scan, line, lines, place, results))


def _percentiles(
    identity: str,
    scan: Scan,
    line: Line,
    lines: Sequence[Line],
    place: dict[str, int],
    results: Results,
    tell: Tell,
) -> NDArray[np.float64]:
    known = whole_so_far(identity, lines, results)
    met = known[-1].done.scan if known else scan
    rest = lines[len(known) :]
    for done in run_lines(rest, met, alone=True, first=len(known) + 1, told=telling(lines, tell)):
        met = done.scan
    tell(Stage("measuring the percentiles"))
    return quantiles(line, met, place)


@st.cache_resource(show_spinner=False, scope="session", max_entries=8)
def _scale(identity: str, _scan: Scan) -> tuple[Decibels | None, float | None]:
    """How the scan is told in dB, and where its noise lies."""
    summary = compute.summary(identity, _scan)
    return decibels(_scan, summary), noise_floor(_scan, summary)
