"""Metal in a CT above several thresholds: how much, and where on the plane that the session looks at."""

import numpy as np
import streamlit as st

from prep_core.ops.artifacts.metal import MetalRow, metal_report
from prep_core.scan import Scan
from prep_ui import compute, panes
from prep_ui import state as sessions
from prep_ui.comparison_table import fixed, grid, listed, percent
from prep_ui.state import AppState
from prep_ui.text import number, plain
from prep_ui.viewer import Pane, viewer

HEIGHT = 300
LOW, HIGH = -200.0, 3000.0
"""The greys of the pictures: the range of bone."""


def section(state: AppState, scan: Scan) -> None:
    """The plane with what lies above each threshold outlined, and the table for the whole scan."""
    try:
        rows, densest = _compared(sessions.identity(state), scan)
    except ValueError as error:
        st.error(plain(str(error)))
        return
    plane = scan.take(compute.place(state, scan))
    pixels, valid = compute.pixels(plane), plane.valid.reshape(plane.data.shape[-2:])
    pictures = [
        Pane(pixels, LOW, HIGH, f"above {number(row.threshold)}", "HU", mask=valid & (pixels > row.threshold))
        for row in rows
    ]
    viewer(pictures, key="compare.metal", pixel_aspect=panes.aspect(scan), height=HEIGHT)
    if "Z" in scan.axes and rows[0].voxels:
        st.caption(plain(f"Most voxels above {number(rows[0].threshold)} HU lie in slice {densest}."))
    grid(("above (HU)", "regions", "voxels", "share", "severity"), [_row(row) for row in rows], ())
    listed(("regions", "share", "severity"))


@st.cache_resource(show_spinner="Looking for metal", scope="session", max_entries=8)
def _compared(identity: str, _scan: Scan) -> tuple[tuple[MetalRow, ...], int]:
    rows = metal_report(_scan)
    others = tuple(i for i, axis in enumerate(_scan.axes) if axis != "Z")
    counts = np.count_nonzero(_scan.valid & (_scan.data > rows[0].threshold), axis=others)
    return rows, int(np.argmax(counts))


def _row(row: MetalRow) -> tuple[str, ...]:
    return (
        number(row.threshold),
        number(row.regions),
        number(row.voxels),
        percent(row.share),
        fixed(float(f"{row.severity:.3g}"), "HU"),
    )
