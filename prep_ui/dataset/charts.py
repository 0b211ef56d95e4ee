"""Charts of a set: the histograms of all scans over each other, and where the same values come out."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from prep_core.quality.overlaid import Overlaid
from prep_ui.text import number
from prep_ui.tune.widgets import NAMELESS

HEIGHT = 300
MOST_IN_LEGEND = 12

_USUAL = "#7d8590"
_ODD = "#c47f00"
HOW_TO_READ = "One line a scan, counted in the same bins; validation dashed, test dotted, what stands out in colour."
_DASHES: Mapping[str, str] = {"training": "solid", "validation": "dash", "test": "dot"}
_ALONE, _TOGETHER = "#7d8590", "#2a8fbd"


def overlaid(title: str, chart: Overlaid, roles: Mapping[str, str], odd: Sequence[str], log_counts: bool) -> go.Figure:
    """One line for each scan; those that stand out in another colour, validation and test scans dashed."""
    figure = go.Figure()
    axis = chart.axis
    for name, shares in sorted(chart.shares.items(), key=lambda item: item[0] in odd):
        stands_out = name in odd
        figure.add_scatter(
            x=axis.centres,
            y=np.where(shares > 0, shares, np.nan) if log_counts else shares,
            name=escaped(name),
            mode="lines",
            line={
                "color": _ODD if stands_out else _USUAL,
                "width": 1.8 if stands_out else 1.1,
                "dash": _DASHES.get(roles[name], "solid"),
                "shape": "hvh",
            },
            opacity=1.0 if stands_out else 0.8,
            hovertemplate=f"{escaped(name)}<br>%{{x:.6g}} {escaped(axis.unit)}<br>%{{y:.3%}}<extra></extra>",
        )
    relative = f"dB re {number(axis.reference)}" if axis.reference else ""
    unit = relative or ("" if axis.unit in NAMELESS else axis.unit)
    _dress(figure, f"{title} ({escaped(unit)})" if unit else title, "share of voxels" + (", log" if log_counts else ""))
    figure.update_yaxes(
        type="log" if log_counts else "linear", tickformat=None if log_counts else ".1%", exponentformat="power"
    )
    if log_counts:
        figure.update_yaxes(dtick=1)
    figure.update_xaxes(range=[axis.low, axis.high])
    return figure


def moved(
    names: Sequence[str], alone: Mapping[str, Sequence[float]], together: Mapping[str, Sequence[float]], unit: str
) -> go.Figure:
    """Where each value (a row) comes out: a dot for each scan, above with its own numbers, below with the set's."""
    figure = go.Figure()
    kinds = (
        ("each scan alone", alone, _ALONE, "circle-open", 0.16),
        ("training set", together, _TOGETHER, "diamond", -0.16),
    )
    for label, places, colour, symbol, offset in kinds:
        rows = [
            (x, row + offset, name)
            for row, values in enumerate(places.values())
            for x, name in zip(values, names, strict=True)
        ]
        figure.add_scatter(
            x=[x for x, _, _ in rows],
            y=[y for _, y, _ in rows],
            customdata=[escaped(name) for _, _, name in rows],
            name=label,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 9, "line": {"width": 1.5, "color": colour}},
            hovertemplate="%{customdata}<br>%{x:.6g}<extra>" + label + "</extra>",
        )
    _dress(figure, "comes out at" if unit in NAMELESS else f"comes out at ({escaped(unit)})", "")
    figure.update_layout(
        height=HEIGHT - 60, showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    )
    figure.update_yaxes(
        tickvals=list(range(len(alone))),
        ticktext=list(alone),
        range=[-0.6, len(alone) - 0.4],
        showgrid=False,
        zeroline=False,
    )
    return figure


def _dress(figure: go.Figure, x_title: str, y_title: str) -> None:
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 48, "r": 8, "t": 28, "b": 38},
        showlegend=False,
        xaxis_title=x_title,
        yaxis_title=y_title,
        font={"size": 11},
    )
    figure.update_xaxes(title_standoff=4)
    figure.update_yaxes(title_standoff=4)


def escaped(text: str) -> str:
    """Plotly reads some HTML in its texts, and a name from a file is no HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "% {")
