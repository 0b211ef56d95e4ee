"""Charts that stay: the depth profile, as Plotly figures."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

HEIGHT = 230
_BARS = "#7d8590"  # reads on both themes; no colour carries a meaning here


def profile(
    depth: NDArray[np.float64], values: NDArray[np.float64], x_title: str, y_title: str, log: bool = False
) -> go.Figure:
    """One line over depth."""
    figure = go.Figure(go.Scatter(x=depth, y=values, mode="lines", line={"color": _BARS, "width": 1.5}))
    figure = _figure(figure, x_title, y_title)
    figure.update_yaxes(type="log" if log else "linear", exponentformat="power")
    return figure


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
