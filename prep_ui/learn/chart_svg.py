"""A chart of a lesson as SVG, for a page that loads no script."""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from prep_core.lessons import Chart, Curve

SIZE = (4.4, 2.7)
"""Inches."""

LEGEND_LETTERS, KEY_LETTERS, AXIS_LETTERS = 64, 7, 50
"""Letters that fit into one line of the legend, are as wide as the sign before a name, and fit below the axis."""

STYLES = (("#2f6f9f", "-"), ("#b06f00", "--"), ("#3d7d50", ":"), ("#83509a", "-."), ("#666d75", (0, (8, 2))))
HATCHES = ("", "//", "..", "xx", "--")
# Words stay words, and the same chart gives the same bytes.
_SETTINGS: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "prep",
    "font.size": 8,
    "font.family": "sans-serif",
}


def svg(chart: Chart) -> str:
    """`chart` on a light ground of its own, so that its colours hold in print and in both themes."""
    stream = StringIO()
    with mpl.rc_context(dict(_SETTINGS)):
        figure(chart).savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def figure(chart: Chart) -> Figure:
    """`chart` as Matplotlib draws it."""
    drawn = Figure(figsize=SIZE, layout="constrained", facecolor="white")
    axes = drawn.add_subplot(
        xlabel=chart.x_title,
        ylabel=chart.y_title,
        xscale="log" if chart.log_x else "linear",
        yscale="log" if chart.log_y else "linear",
    )
    for i, curve in enumerate(chart.curves):
        _draw(axes, curve, i, len(chart.curves))
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    if len(chart.curves) > 1:
        # Above the axes: inside, bars that reach the top would run into it.
        drawn.legend(loc="outside upper left", frameon=False, ncols=_columns(chart))
    return drawn


def _slope(names: Sequence[str]) -> dict[str, Any]:
    """How names stand below an axis that is too short for them side by side."""
    crowded = sum(map(len, names)) > AXIS_LETTERS
    return {"rotation": 20, "ha": "right", "rotation_mode": "anchor"} if crowded else {}


def _columns(chart: Chart) -> int:
    """As many names beside each other as the longest of them leaves room for."""
    longest = max(len(curve.name) for curve in chart.curves)
    return min(len(chart.curves), max(1, LEGEND_LETTERS // (longest + KEY_LETTERS)))


def _draw(axes: Axes, curve: Curve, i: int, count: int) -> None:
    colour, dash = STYLES[i % len(STYLES)]
    if isinstance(curve.x, tuple):
        places = np.arange(len(curve.x)) + (i - (count - 1) / 2) * 0.8 / count
        hatch = HATCHES[i % len(HATCHES)]
        axes.bar(places, curve.y, 0.8 / count, label=curve.name, color=colour, hatch=hatch, edgecolor="white")
        axes.set_xticks(np.arange(len(curve.x)), curve.x, **_slope(curve.x))
    elif curve.points:
        axes.scatter(curve.x, curve.y, s=12, label=curve.name, color=colour, marker="osDX^"[i % 5])
    else:
        axes.plot(curve.x, curve.y, label=curve.name, color=colour, linestyle=dash, linewidth=1.4)
