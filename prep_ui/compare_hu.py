"""Ranges of Hounsfield units on a CT: what each takes away, and what it keeps."""

import streamlit as st

from prep_core.quality.hounsfield import RangeRow, hu_ranges
from prep_core.scan import Scan
from prep_ui import compute, panes
from prep_ui import state as sessions
from prep_ui.comparison_table import fixed, grid, listed, percent
from prep_ui.state import AppState
from prep_ui.text import plain, span
from prep_ui.viewer import Pane, viewer

HEIGHT = 250


def section(state: AppState, scan: Scan) -> None:
    """The plane in each range, and what the range does to the whole scan."""
    try:
        rows = _compared(sessions.identity(state), scan)
    except ValueError as error:
        st.error(plain(str(error)))
        return
    pixels = compute.pixels(scan.take(compute.place(state, scan)))
    pictures = [Pane(pixels, row.low, row.high, row.name, "HU") for row in rows]
    viewer(pictures, key="compare.hu", pixel_aspect=panes.aspect(scan), height=HEIGHT)
    st.caption("Press clip below the pictures: what lies below the range turns blue, what lies above it red.")
    grid(("range", "HU", "below", "above", "entropy", "kept"), [_row(row) for row in rows], (0, 1))
    if any(row.inside_mask for row in rows):
        st.caption("Inside the mask:")
        grid(("range", "below", "above"), [_masked_row(row) for row in rows])
    listed(("below", "above", "entropy in bins of 10 HU", "kept"))


@st.cache_resource(show_spinner="Counting what each range takes", scope="session", max_entries=8)
def _compared(identity: str, _scan: Scan) -> tuple[RangeRow, ...]:
    return hu_ranges(_scan)


def _row(row: RangeRow) -> tuple[str, ...]:
    ends = percent(row.below), percent(row.above)
    return row.name, span(row.low, row.high, ""), *ends, fixed(row.entropy, "bit", 2), percent(row.kept)


def _masked_row(row: RangeRow) -> tuple[str, ...]:
    low, high = row.inside_mask or (None, None)
    return row.name, percent(low), percent(high)
