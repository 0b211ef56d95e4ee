"""Two results side by side, and their signed difference in colours that diverge around 0."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plotly.colors import sample_colorscale, unlabel_rgb

from prep_core.scan import Scan
from prep_ui.planes import panes
from prep_ui.text import number
from prep_ui.tune.widgets import NAMELESS
from prep_ui.viewer import Pane, Place, viewer
from prep_ui.work import compute

HEIGHT = 250

ZERO = 128
"""The colour of 0: where the browser rounds the middle of 256."""

DIVERGING = "PuOr"
"""Orange below 0, purple above: seen alike by all eyes, and neither blue nor red, which mean clipped."""

MOST_APART = 20
"""A range so many times narrower than the common one has 13 of 256 greys there, and its picture shows nothing."""

FIELD = "Magma"
"""Of what is 0 or more: even to the eye."""


def side_by_side(
    key: str,
    planes: Mapping[str, Scan],
    greys: tuple[float, float] | None,
    by: Pane | None,
    stack: Mapping[str, Any],
) -> None:
    """Draw planes under their labels, in common `greys` if they are given, and their difference `by` if there is one.

    Parameters
    ----------
    key : str
        Of the viewer.
    stack : mapping
        As `slice_view.in_stack` gives it.
    """
    shown = [panes.pane(plane, label, greys or compute.grey_range(plane)) for label, plane in planes.items()]
    aspect = panes.aspect(next(iter(planes.values())))
    viewer([*shown, *([by] if by else [])], key=key, pixel_aspect=aspect, height=HEIGHT, **stack)


def common_greys(planes: Mapping[str, Scan]) -> tuple[float, float] | None:
    """The range that holds the greys of all `planes`; None where one of them would be nearly one grey in it."""
    ranges = [compute.grey_range(plane) for plane in planes.values()]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    narrowest = min(high - low for low, high in ranges)
    return (low, high) if high - low <= MOST_APART * narrowest else None


def difference_pane(on: Scan, by: NDArray[np.float32], span: float, label: str) -> Pane:
    """`by`, shaped as `on`, from -`span` in orange over white at 0 to +`span` in purple; nothing where it is NaN."""
    plane = replace(on, data=by, valid=np.isfinite(by), mask=None, display_inverted=False)
    return replace(panes.pane(plane, label, (-span, span)), colours=diverging())


def field_pane(values: NDArray[np.float64], label: str, unit: str, place: Place | None = None) -> Pane:
    """Values (y, x) of 0 and more, from black at 0 to bright at the largest; nothing where they are NaN."""
    finite = values[np.isfinite(values)]
    high = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return Pane(values, 0.0, high, label, unit, place=place, colours=rising())


@cache
def diverging() -> NDArray[np.uint8]:
    """(256, 3) red, green and blue, white at `ZERO`."""
    below, above = np.linspace(0, 0.5, ZERO + 1), np.linspace(0.5, 1, 256 - ZERO)
    return _colours(DIVERGING, [*below[:-1], *above])


@cache
def rising() -> NDArray[np.uint8]:
    """(256, 3) red, green and blue, from dark to bright."""
    return _colours(FIELD, list(np.linspace(0, 1, 256)))


def _colours(scale: str, places: list[float]) -> NDArray[np.uint8]:
    return np.rint([unlabel_rgb(colour) for colour in sample_colorscale(scale, places)]).astype(np.uint8)


def span_of(by: NDArray[np.float32]) -> float:
    """The 99.9 percentile of how far `by` is from 0; where that is 0 the largest distance, and 1 if all are equal."""
    far = np.abs(by[np.isfinite(by)])
    if not far.size or not far.any():
        return 1.0
    return float(np.percentile(far, 99.9)) or float(far.max())


def told(by: NDArray[np.float32], span: float, unit: str) -> str:
    """How the picture of a difference is read, and from where to where the difference goes."""
    low, high = float(np.nanmin(by)), float(np.nanmax(by))
    if low == high == 0:
        return "B − A: white, because both are equal everywhere in this slice."
    return (
        "B − A: orange where B is lower, purple where it is higher, white where both are equal. Full colour at "
        f"± {amount(span, unit)}; in this slice it goes from {amount(low, unit)} to {amount(high, unit)}."
    )


def amount(value: float, unit: str) -> str:
    """A value to three digits, with its unit if it has one."""
    digits = number(float(f"{value:.3g}"))
    return digits if unit in NAMELESS else f"{digits} {unit}"
