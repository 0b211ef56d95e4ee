"""Metal in a CT above several thresholds: how much, and where on the plane that the session looks at."""

from functools import partial

import numpy as np
import streamlit as st

from prep_core.ops.artifacts.metal import MetalRow, metal_report
from prep_core.scan import Scan
from prep_ui.compare.tables import fixed, grid, listed, percent
from prep_ui.planes import panes, slice_view
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.text import number, plain
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute, running
from prep_ui.work.job import Stage, Tell

Found = tuple[tuple[MetalRow, ...], int]
"""A row for each threshold, and the slice with most voxels above the first."""

HEIGHT = 300
VIEWER = "compare.metal"
LOW, HIGH = -200.0, 3000.0
"""The greys of the pictures: the range of bone."""


def section(state: AppState, scan: Scan) -> None:
    """The plane with what lies above each threshold outlined, and the table for the whole scan."""
    found: Found | None = running.answer("metal", sessions.identity(state), partial(_compared, scan))
    if found is None:
        return
    rows, densest = found
    plane = scan.take(compute.place(state, scan))
    pixels, valid = compute.pixels(plane), plane.valid.reshape(plane.data.shape[-2:])
    outlined = ((f"above {number(row.threshold)}", valid & (pixels > row.threshold)) for row in rows)
    pictures = [Pane(pixels, LOW, HIGH, label, "HU", mask=mask, place=Place.of(plane)) for label, mask in outlined]
    stack = slice_view.in_stack(state, scan, VIEWER)
    viewer(pictures, key=VIEWER, pixel_aspect=panes.aspect(scan), height=HEIGHT, **stack)
    if "Z" in scan.axes and rows[0].voxels:
        st.caption(plain(f"Most voxels above {number(rows[0].threshold)} HU lie in slice {densest}."))
    grid(("above (HU)", "regions", "voxels", "share", "severity"), [_row(row) for row in rows], ())
    listed(("regions", "share", "severity"))


def _compared(scan: Scan, tell: Tell) -> Found:
    tell(Stage("looking for metal"))
    rows = metal_report(scan)
    others = tuple(i for i, axis in enumerate(scan.axes) if axis != "Z")
    counts = np.count_nonzero(scan.valid & (scan.data > rows[0].threshold), axis=others)
    return rows, int(np.argmax(counts))


def _row(row: MetalRow) -> tuple[str, ...]:
    return (
        number(row.threshold),
        number(row.regions),
        number(row.voxels),
        percent(row.share),
        fixed(float(f"{row.severity:.3g}"), "HU"),
    )
