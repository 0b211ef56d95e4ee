"""A histogram as a small drawing inside a page."""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 210, 48


def curve(histogram: Mapping[str, Any], axis: tuple[float, float] | None = None, unit: str = "") -> str:
    """SVG of `histogram` (low, high, counts) over `axis`, by default its own range, with the ends of it written below.

    Heights are square roots of counts, which keeps tissue in sight beside a large background.
    """
    low, high = axis or (histogram["low"], histogram["high"])
    counts = np.sqrt(np.array(histogram["counts"], np.float64))
    edges = np.linspace(histogram["low"], histogram["high"], counts.size + 1)
    # A range of no width is a bar in the middle.
    places = (edges - low) / (high - low) * WIDTH if high > low else WIDTH / 2 + np.linspace(-1, 1, edges.size)
    heights = counts / max(counts.max(), 1) * (HEIGHT - 2)
    label = "" if unit == "1" else escape(unit)
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true"><path d="{_path(places, heights)}"/></svg>'
        f"<div><span>{low:.4g}</span><span>{label}</span><span>{high:.4g}</span></div></figure>"
    )


def _path(places: NDArray[np.float64], heights: NDArray[np.float64]) -> str:
    """A stair, at least a pixel wide in all."""
    left, right = places[:-1], np.maximum(places[1:], places[:-1] + 1 / max(heights.size, 1))
    stairs = "".join(f"V{HEIGHT - h:.1f}H{x:.1f}" for h, x in zip(heights, right, strict=True))
    return f"M{left[0]:.1f} {HEIGHT}{stairs}V{HEIGHT}Z"
