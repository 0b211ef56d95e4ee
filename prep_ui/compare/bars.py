"""The shares of the bands, as bars that add to one; and how the values of two results go together."""

from collections.abc import Mapping
from itertools import accumulate

import numpy as np
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from prep_core.quality.network import Band, Seen
from prep_core.quality.overlaid import Overlaid
from prep_core.quality.two import Joint
from prep_ui.dataset.charts import escaped
from prep_ui.text import number

KINDS: Mapping[str, str] = {
    "voxels": "voxels",
    "range": "range",
    "variance": "variance",
    "loss": "squared error",
    "gradient": "gradient",
}
"""The shares of a band, and what they are called."""

UNDER: Mapping[str, str] = {"raw": "raw", "linear": "linear, 0 … 1", "recipe": "after the recipe"}
"""What a band has its share of."""

ROWS: tuple[tuple[str, str, str], ...] = (
    ("voxels", "recipe", "voxels"),
    *(
        row
        for kind in ("range", "variance")
        for row in ((kind, "raw", f"{kind}, raw or linear"), (kind, "recipe", f"<b>{kind}, recipe</b>"))
    ),
    *(
        row
        for kind in ("loss", "gradient")
        for row in (
            (kind, "raw", f"{KINDS[kind]}, raw"),
            (kind, "linear", f"{KINDS[kind]}, linear"),
            (kind, "recipe", f"<b>{KINDS[kind]}, recipe</b>"),
        )
    ),
)
"""The bars: which share, of what, and what it is called.  A straight line changes no share of range and variance."""

_GAP = 0.45
"""Between the bars of one kind of share and the next, in bars."""

BAR = 21
PAIR_HEIGHT = 280
_FIRST, _SECOND = "#7d8590", "#c47f00"
_PAIR = ((_FIRST, "solid"), (_SECOND, "dot"))
_NARROWEST = 0.06
"""The least share in which a number finds room."""


def band_name(band: Band) -> str:
    """From where to where."""
    return f"{number(float(f'{band.low:.3g}'))} … {number(float(f'{band.high:.3g}'))}"


def band_bars(seen: Seen, unit: str) -> go.Figure:
    """A bar for each share that a band can have, cut into the bands from dark (low) to bright (high)."""
    count = len(seen.recipe)
    places = [i / max(count - 1, 1) for i in range(count)]
    heights = _heights()
    figure = go.Figure()
    for i, (colour, place) in enumerate(zip(sample_colorscale("Cividis", places), places, strict=True)):
        band = seen.recipe[i]
        shares = [getattr(getattr(seen, under)[i], kind) for kind, under, _ in ROWS]
        figure.add_bar(
            y=heights,
            x=shares,
            name=band_name(band),
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            text=[f"{share:.0%}" if share >= _NARROWEST else "" for share in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#ffffff" if place < 0.55 else "#111111", "size": 11},
            customdata=[KINDS[kind] for kind, _, _ in ROWS],
            hovertemplate=f"{band_name(band)} {escaped(unit)}<br>%{{x:.2%}} of the %{{customdata}}<extra></extra>",
        )
    _dress_bars(figure, heights, unit)
    return figure


def _heights() -> list[float]:
    """Where each bar lies, from the top down."""
    kinds = [kind for kind, _, _ in ROWS]
    jumps = [kind != before for kind, before in zip(kinds[1:], kinds[:-1], strict=True)]
    return [0.0, *accumulate(1 + _GAP * jump for jump in jumps)]


def _dress_bars(figure: go.Figure, heights: list[float], unit: str) -> None:
    figure.update_layout(
        barmode="stack",
        height=round(BAR * (heights[-1] + 1)) + 44,
        bargap=0.14,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        font={"size": 12},
        legend={
            "orientation": "h",
            "y": 1.01,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "title": f"raw, {escaped(unit)} ",
        },
    )
    figure.update_xaxes(range=[0, 1], visible=False)
    ends = [heights[-1] + 0.5, -0.5]
    labels = [label for _, _, label in ROWS]
    figure.update_yaxes(range=ends, tickvals=heights, ticktext=labels, ticks="", showgrid=False, zeroline=False)


def two_histograms(chart: Overlaid, title: str) -> go.Figure:
    """The values of A and of B on one axis called `title`."""
    axis = chart.axis
    figure = go.Figure()
    # Told apart without colour too.
    for (name, shares), (colour, dash) in zip(chart.shares.items(), _PAIR, strict=True):
        figure.add_scatter(
            x=axis.centres,
            y=np.where(shares > 0, shares, np.nan),
            name=name,
            mode="lines",
            line={"color": colour, "width": 1.6, "dash": dash, "shape": "hvh"},
            hovertemplate=f"{name}<br>%{{x:.5g}} {escaped(axis.unit)}<br>%{{y:.3%}}<extra></extra>",
        )
    _dress_pair(figure, escaped(title), "share of voxels, log")
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0})
    figure.update_yaxes(type="log", dtick=1, exponentformat="power")
    figure.update_xaxes(range=[axis.low, axis.high])
    return figure


def joint_map(found: Joint, first: str, second: str) -> go.Figure:
    """How often each pair of values occurs, in a logarithmic scale, with the diagonal of equal values."""
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
    ends = [max(found.first[0], found.second[0]), min(found.first[-1], found.second[-1])]
    if ends[0] < ends[1]:
        line = {"color": _SECOND, "width": 1, "dash": "dot"}
        figure.add_scatter(x=ends, y=ends, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    _dress_pair(figure, escaped(first), escaped(second))
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def _dress_pair(figure: go.Figure, x_title: str, y_title: str) -> None:
    figure.update_layout(
        height=PAIR_HEIGHT,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        xaxis_title=x_title,
        yaxis_title=y_title,
        font={"size": 11},
    )
    figure.update_xaxes(zeroline=False, title_standoff=4, automargin=True)
    figure.update_yaxes(zeroline=False, title_standoff=8, automargin=True)
