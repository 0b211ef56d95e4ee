"""Two results side by side, and their signed difference as a picture that diverges around 0."""

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from prep_core.scan import Scan
from prep_ui import compute, panes
from prep_ui.text import number, plain
from prep_ui.viewer import Pane, viewer
from prep_ui.widgets import NAMELESS

HEIGHT = 250

LEVELS = 255
"""An odd number, so that 0 has a colour of its own."""

SCALE = "PuOr"
"""Orange below 0, purple above: seen alike by all eyes, and neither blue nor red, which mean clipped."""

GROUND = 128
"""The grey of what is in neither."""


def side_by_side(
    planes: Mapping[str, Scan], same_greys: bool, by: NDArray[np.float32] | None, magnify: int, unit: str
) -> None:
    """Draw two planes under their labels, and their difference `by` if they have one, magnified so many times."""
    greys = [compute.grey_range(plane) for plane in planes.values()]
    common = min(low for low, _ in greys), max(high for _, high in greys)
    labelled = zip(planes.items(), greys, strict=True)
    shown = [panes.pane(plane, label, common if same_greys else own) for (label, plane), own in labelled]
    flat = None if by is None else by.reshape(by.shape[-2:])
    span = 1.0 if flat is None else span_of(flat) / magnify
    if flat is not None:
        shown.append(difference_pane(flat, span, f"B − A, ± {_amount(span, unit)}"))
    viewer(shown, key="compare.two", pixel_aspect=panes.aspect(next(iter(planes.values()))), height=HEIGHT)
    if flat is not None:
        st.caption(plain(_told(flat, span, unit)))


def difference_pane(by: NDArray[np.float32], span: float, label: str) -> Pane:
    """`by` (y, x) from -`span` in orange over white at 0 to +`span` in purple; grey where it is NaN."""
    table = np.array([unlabel_rgb(colour) for colour in sample_colorscale(SCALE, LEVELS)])
    middle = LEVELS // 2
    finite = np.isfinite(by)
    place = np.clip(np.where(finite, by, 0.0) / span, -1.0, 1.0) * middle + middle
    colours = np.where(finite[..., None], table[np.rint(place).astype(np.intp)], GROUND)
    return Pane(np.rint(np.moveaxis(colours, -1, 0)).astype(np.uint8), 0.0, 255.0, label, "")


def span_of(by: NDArray[np.float32]) -> float:
    """The 99.9 percentile of how far `by` is from 0; where that is 0 the largest distance, and 1 if all are equal."""
    far = np.abs(by[np.isfinite(by)])
    if not far.size or not far.any():
        return 1.0
    return float(np.percentile(far, 99.9)) or float(far.max())


def _told(by: NDArray[np.float32], span: float, unit: str) -> str:
    low, high = float(np.nanmin(by)), float(np.nanmax(by))
    if low == high == 0:
        return "B − A: white, because both are equal everywhere in this slice."
    return (
        "B − A: orange where B is lower, purple where it is higher, white where both are equal. Full colour at "
        f"± {_amount(span, unit)}; in this slice it goes from {_amount(low, unit)} to {_amount(high, unit)}."
    )


def _amount(value: float, unit: str) -> str:
    """A value to three digits, with its unit if it has one."""
    digits = number(float(f"{value:.3g}"))
    return digits if unit in NAMELESS else f"{digits} {unit}"
