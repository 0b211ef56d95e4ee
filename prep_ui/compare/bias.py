"""Ways to even out a bias field, on the scan at hand: what each takes for the field, and what is left."""

from functools import partial

import numpy as np
import streamlit as st

from prep_core.quality.bias_methods import BiasComparison, BiasRow, compare_bias_methods
from prep_core.scan import Scan
from prep_ui.compare.tables import NONE, fixed, grid, listed
from prep_ui.planes import panes, slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute, running
from prep_ui.work.job import Tell

HEIGHT = 220
VIEWER = "compare.bias.results"


def section(state: AppState, scan: Scan) -> None:
    """The plane corrected by each method above the field that the method took away, and the table."""
    identity = sessions.identity(state)
    if not running.is_asked("bias fields", identity):
        st.caption("Corrects the whole scan by N4, two low-pass filters and a polynomial. N4 takes the longest.")
        st.button(
            "Compare the methods",
            key="compare.bias",
            type="primary",
            on_click=running.ask,
            args=("bias fields", identity),
            help="Runs each method on the whole scan; the page stays usable meanwhile.",
        )
        return
    found: BiasComparison | None = running.answer("bias fields", identity, partial(_compared, scan))
    if found:
        _shown(state, scan, found.rows)


def _compared(scan: Scan, tell: Tell) -> BiasComparison:
    lengths_in = "mm" if scan.spacing_known else "px"
    return compare_bias_methods(scan, lengths_in=lengths_in, progress=running.by_share(tell))


def _shown(state: AppState, scan: Scan, rows: tuple[BiasRow, ...]) -> None:
    _pictures(state, scan, rows)
    grid(("method", "seconds", "field spread", "CJV"), [_row(row) for row in rows])
    for row in rows:
        if row.complaint:
            st.caption(f"{plain(row.method)}: {plain(row.complaint)}")
    listed(("field spread", "CJV of two classes"))


def _pictures(state: AppState, scan: Scan, rows: tuple[BiasRow, ...]) -> None:
    at = compute.place(state, scan)
    index = tuple(at.get(axis, slice(None)) for axis in scan.axes)
    drawn = [row for row in rows if row.result is not None and row.picture is not None]
    black, white = _range([row.result[index] for row in drawn if row.result is not None])
    where = Place.of(scan.take(at))
    results = [
        Pane(row.result[index], black, white, row.method, scan.unit, place=where)
        for row in drawn
        if row.result is not None
    ]
    stack = slice_view.in_stack(state, scan, VIEWER)
    viewer(results, key=VIEWER, pixel_aspect=panes.aspect(scan), height=HEIGHT, **stack)
    fields = [(row.method, row.picture[index]) for row in drawn if row.picture is not None and row.line]
    if fields:
        st.caption(
            "The field that each took away: the scan over its result. Light is where the scan was too bright; "
            "the greys span the fields of what is brighter than the mean of the slice."
        )
        bright = rows[0].result[index] if rows[0].result is not None else fields[0][1]
        low, high = _range([picture[bright > np.nanmean(bright)] for _, picture in fields])
        shown = [Pane(picture, low, high, method, "1") for method, picture in fields]
        viewer(shown, key="compare.bias.fields", pixel_aspect=panes.aspect(scan), height=HEIGHT)


def _range(planes: list[np.ndarray]) -> tuple[float, float]:
    """Black and white for all of `planes`: the 2 and 98 percentile of what is finite in them."""
    finite = np.concatenate([plane[np.isfinite(plane)] for plane in planes])
    if not finite.size:
        return 0.0, 1.0
    low, high = np.percentile(finite, (2, 98))
    return float(low), float(max(high, low + 1e-6))


def _row(row: BiasRow) -> tuple[str, ...]:
    seconds = NONE if row.seconds is None or not row.line else f"{row.seconds:.1f}"
    return row.method, seconds, fixed(row.spread, "", 2), fixed(row.cjv, "", 3)
