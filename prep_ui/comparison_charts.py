"""The shares of the bands, as bars that add to one; and how the values of two results go together."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from prep_core.quality.network import Band
from prep_core.quality.two import Joint
from prep_ui.dataset.charts import escaped
from prep_ui.text import number

KINDS: Mapping[str, str] = {
    "voxels": "voxels",
    "range": "range of the result",
    "variance": "variance",
    "loss": "squared error",
    "gradient": "gradient",
}
"""The shares of a band, and what they are called."""

HEIGHT = 240
JOINT_HEIGHT = 300
_DIAGONAL = "#c47f00"
_NARROWEST = 0.06
"""The least share in which a number finds room."""


def band_name(band: Band) -> str:
    """From where to where."""
    return f"{number(float(f'{band.low:.3g}'))} … {number(float(f'{band.high:.3g}'))}"


def band_bars(bands: Sequence[Band], unit: str) -> go.Figure:
    """One bar for each kind of share, cut into the bands from dark (low) to bright (high)."""
    places = [i / max(len(bands) - 1, 1) for i in range(len(bands))]
    figure = go.Figure()
    for band, colour, place in zip(bands, sample_colorscale("Cividis", places), places, strict=True):
        shares = [getattr(band, kind) for kind in KINDS]
        figure.add_bar(
            y=list(KINDS.values()),
            x=shares,
            name=band_name(band),
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            text=[f"{share:.0%}" if share >= _NARROWEST else "" for share in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#ffffff" if place < 0.55 else "#111111", "size": 11},
            hovertemplate=f"{band_name(band)} {unit}<br>%{{x:.2%}} of the %{{y}}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=HEIGHT,
        bargap=0.25,
        margin={"l": 8, "r": 8, "t": 30, "b": 8},
        font={"size": 12},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "title": f"raw, {unit} ",
        },
    )
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(autorange="reversed", ticks="")
    return figure


def joint_map(found: Joint, first: str, second: str, diagonal: bool) -> go.Figure:
    """How often each pair of values occurs, in a logarithmic scale; with the `diagonal` of equal values."""
    counts = found.counts
    ticks = [10**k for k in range(len(str(int(counts.max()))))]
    figure = go.Figure(
        go.Heatmap(
            x=(found.first[:-1] + found.first[1:]) / 2,
            y=(found.second[:-1] + found.second[1:]) / 2,
            z=np.log10(counts, where=counts > 0, out=np.full(counts.shape, np.nan)),
            customdata=counts,
            colorscale="Cividis",
            colorbar={"title": "voxels, log", "tickvals": np.log10(ticks), "ticktext": ticks, "thickness": 10},
            hovertemplate="A %{x:.5g}<br>B %{y:.5g}<br>%{customdata:,} voxels<extra></extra>",
        )
    )
    if diagonal:
        ends = [max(found.first[0], found.second[0]), min(found.first[-1], found.second[-1])]
        line = {"color": _DIAGONAL, "width": 1, "dash": "dot"}
        figure.add_scatter(x=ends, y=ends, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    figure.update_layout(
        height=JOINT_HEIGHT,
        margin={"l": 48, "r": 8, "t": 28, "b": 38},
        xaxis_title=escaped(first),
        yaxis_title=escaped(second),
        font={"size": 11},
    )
    figure.update_xaxes(showgrid=False, zeroline=False, title_standoff=4)
    figure.update_yaxes(showgrid=False, zeroline=False, title_standoff=4)
    return figure
