"""CLAHE from weak to strong on the plane that the session looks at, and its two engines."""

from functools import partial

import streamlit as st

from prep_core.quality.clahe import ClaheRow, EngineRow, clahe_engines, clahe_strip
from prep_core.scan import Scan
from prep_ui.compare.tables import fixed, grid, listed, percent, ratio
from prep_ui.planes import panes
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute, running
from prep_ui.work.job import Stage, Tell

Found = tuple[tuple[ClaheRow, ...], tuple[EngineRow, ...]]

HEIGHT = 190
FIGURES = ("contrast", "dynamic range", "entropy", "edges", "PSNR", "SSIM")


def section(state: AppState, scan: Scan) -> None:
    """The strip of pictures, its figures, and how far the engines are apart."""
    at = compute.place(state, scan)
    plane = scan.take(at)
    place = " ".join(f"{axis}{i}" for axis, i in at.items())
    found: Found | None = running.answer("clahe", f"{sessions.identity(state)} {place}", partial(_compared, plane))
    if found is None:
        return
    strip, engines = found
    inverted, where = plane.display_inverted, Place.of(plane)
    pictures = [Pane(row.picture, 0.0, 1.0, _name(row), "1", inverted=inverted, place=where) for row in strip]
    viewer(pictures, key="compare.clahe", pixel_aspect=panes.aspect(scan), height=HEIGHT)
    st.caption(
        "This plane from its 0.1 to its 99.9 percentile, then the step clahe with tiles of 64 pixels and a rising clip "
        "limit. A limit below 0.004 (one in 256 grey levels) changes hardly anything."
    )
    grid(("clip limit", *FIGURES), [_row(row) for row in strip])
    listed(FIGURES)
    with st.expander("How far the engine fast is from scikit-image"):
        st.caption("Absolute differences on this plane; the whole range is 1.")
        grid(("clip limit", "correlation", "mean difference", "largest"), [_engine_row(row) for row in engines], ())


def _compared(plane: Scan, tell: Tell) -> Found:
    tell(Stage("equalising the plane, from weak to strong", 0, 2))
    strip = clahe_strip(plane)
    tell(Stage("comparing the two engines", 1, 2))
    return strip, clahe_engines(plane)


def _name(row: ClaheRow) -> str:
    return "rescaled" if row.clip_limit is None else f"{row.clip_limit:g}"


def _row(row: ClaheRow) -> tuple[str, ...]:
    return (
        _name(row),
        ratio(row.contrast),
        fixed(row.dynamic_range, "", 3),
        fixed(row.entropy, "bit", 2),
        ratio(row.edges),
        fixed(row.psnr, "dB", 1),
        fixed(row.ssim, "", 3),
    )


def _engine_row(row: EngineRow) -> tuple[str, ...]:
    return (
        f"{row.clip_limit:g}",
        f"{row.correlation:.5f}",
        percent(row.mean_difference),
        percent(row.largest_difference),
    )
