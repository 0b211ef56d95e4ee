"""Charts that stay: the three histograms of Inspect and the depth profile, as Plotly figures."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from prep_core.inspection import Histogram
from prep_ui.text import number

HEIGHT = 230
_BARS = "#7d8590"  # reads on both themes; no colour carries a meaning here
_MARK = "#c47f00"


def histogram(title: str, counted: Histogram, markers: Sequence[tuple[str, float]], log_counts: bool) -> go.Figure:
    """Bars of `counted` with a labelled line at each of `markers` (name, place on the axis)."""
    bars = go.Bar(
        x=(counted.edges[:-1] + counted.edges[1:]) / 2,
        y=counted.counts,
        width=np.diff(counted.edges),
        marker={"color": _BARS, "line": {"width": 0}},
        hovertemplate="%{x:.6g} " + counted.unit + "<br>%{y:,} voxels<extra></extra>",
    )
    figure = _figure(
        go.Figure(bars),
        title if counted.unit == "1" else f"{title} ({counted.unit})",
        "voxels, log" if log_counts else "voxels",
    )
    figure.update_yaxes(type="log" if log_counts else "linear", rangemode="tozero", exponentformat="power")
    figure.update_xaxes(range=[float(counted.edges[0]), float(counted.edges[-1])])
    span = float(counted.edges[-1] - counted.edges[0])
    for (name, place), row in zip(markers, rows([m[1] for m in markers], span), strict=True):
        figure.add_vline(place, line={"color": _MARK, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=place,
            y=1 + 0.085 * row,
            yref="paper",
            yanchor="bottom",
            text=f"{name} {number(place)}",
            showarrow=False,
            font={"size": 10, "color": _MARK},
            xanchor=_anchor(place, counted.edges),
        )
    return figure


def profile(
    depth: NDArray[np.float64], values: NDArray[np.float64], x_title: str, y_title: str, log: bool = False
) -> go.Figure:
    """One line over depth."""
    figure = go.Figure(go.Scatter(x=depth, y=values, mode="lines", line={"color": _BARS, "width": 1.5}))
    figure = _figure(figure, x_title, y_title)
    figure.update_yaxes(type="log" if log else "linear", exponentformat="power")
    return figure


def rows(places: Sequence[float], span: float) -> list[int]:
    """A row for each label, counted upwards, so that those too near each other do not overlap."""
    room = 0.42 * span
    ends: list[float] = []
    chosen = []
    for place in places:
        row = next((i for i, end in enumerate(ends) if place >= end), len(ends))
        ends[row : row + 1] = [place + room]
        chosen.append(row)
    return chosen


def _anchor(place: float, edges: NDArray[np.float64]) -> str:
    share = (place - edges[0]) / (edges[-1] - edges[0])
    return "left" if share < 0.15 else "right" if share > 0.85 else "center"


def _figure(figure: go.Figure, x_title: str, y_title: str) -> go.Figure:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 48, "r": 8, "t": 56, "b": 38},
        bargap=0,
        showlegend=False,
        xaxis_title=x_title,
        yaxis_title=y_title,
        font={"size": 11},
    )
    figure.update_xaxes(title_standoff=4)
    figure.update_yaxes(title_standoff=4)
    return figure
