"""Ranges of Hounsfield units on a CT: what each takes away, and what it keeps."""

from functools import partial

import streamlit as st

from prep_core.quality.hounsfield import RangeRow, hu_ranges
from prep_core.scan import Scan
from prep_ui.compare.tables import fixed, grid, listed, percent
from prep_ui.planes import panes, slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import span
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute, running
from prep_ui.work.job import Stage, Tell

HEIGHT = 250
VIEWER = "compare.hu"


def section(state: AppState, scan: Scan) -> None:
    """The plane in each range, and what the range does to the whole scan."""
    rows: tuple[RangeRow, ...] | None = running.answer("hu ranges", sessions.identity(state), partial(_compared, scan))
    if rows is None:
        return
    plane = scan.take(compute.place(state, scan))
    pixels, where = compute.pixels(plane), Place.of(plane)
    pictures = [Pane(pixels, row.low, row.high, row.name, "HU", place=where) for row in rows]
    stack = slice_view.in_stack(state, scan, VIEWER)
    viewer(pictures, key=VIEWER, pixel_aspect=panes.aspect(scan), height=HEIGHT, **stack)
    st.caption("Press clip below the pictures: what lies below the range turns blue, what lies above it red.")
    grid(("range", "HU", "below", "above", "entropy", "kept"), [_row(row) for row in rows], (0, 1))
    if any(row.inside_mask for row in rows):
        st.caption("Inside the mask:")
        grid(("range", "below", "above"), [_masked_row(row) for row in rows])
    listed(("below", "above", "entropy in bins of 10 HU", "kept"))


def _compared(scan: Scan, tell: Tell) -> tuple[RangeRow, ...]:
    tell(Stage("counting what each range takes"))
    return hu_ranges(scan)


def _row(row: RangeRow) -> tuple[str, ...]:
    ends = percent(row.below), percent(row.above)
    return row.name, span(row.low, row.high, ""), *ends, fixed(row.entropy, "bit", 2), percent(row.kept)


def _masked_row(row: RangeRow) -> tuple[str, ...]:
    low, high = row.inside_mask or (None, None)
    return row.name, percent(low), percent(high)
