"""Pictures, charts and tables of a lesson on the page."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from prep_core.lessons import Chart, Curve, Picture, Table
from prep_ui.compare.pictures import diverging, rising
from prep_ui.compare.tables import grid
from prep_ui.dataset.charts import escaped
from prep_ui.saving import config
from prep_ui.text import number, plain
from prep_ui.viewer import Pane, viewer

PICTURES_WIDTH, GAP = 600, 12
"""Pixels on a page 1280 wide: of a row of pictures, and between two of them."""

PICTURES_HEIGHT, LOWEST = 340, 90
"""Pixels on a page 720 high: of all rows together, so that they end where the page does, and of a low picture."""

PLOT_HEIGHT, AXIS_HEIGHT, CHART_LARGE = 145, 42, 1.5
"""Pixels of a chart between its axis and its legend, and below; how many times as large all is in large type."""

LEGEND_WIDTH, LEGEND_LINE, LETTER = 220, 45, 6
"""Pixels, on a page 1280 wide: of a legend, of the line before a name, and of a letter."""

COLOURS = ("#4f8fc0", "#c47f00", "#5c9e6f", "#a06bb0", "#7d8590")
"""Of the curves of a chart; dashes tell them apart as well."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
MARKERS = ("circle", "diamond", "square", "cross", "triangle-up")


def pictures(key: str, rows: Sequence[Sequence[Picture]]) -> None:
    """A viewer for each row."""
    for i, row in enumerate(rows):
        viewer(
            [pane(picture) for picture in row],
            key=f"learn.{key}.pictures.{i}",
            pixel_aspect=row[0].aspect,
            height=picture_height(row, len(rows)),
        )


def picture_height(row: Sequence[Picture], rows: int) -> int:
    """Pixels: what the tallest picture of `row` needs in its share of the width, but no more than its share of `rows`.

    The viewer gives a picture more where the screen is higher.
    """
    width = (PICTURES_WIDTH - GAP * (len(row) - 1)) / len(row)
    tallest: float = max(picture.image.shape[-2] / picture.image.shape[-1] * picture.aspect for picture in row)
    return round(min(max(width * tallest, LOWEST), PICTURES_HEIGHT / rows))


def pane(picture: Picture) -> Pane:
    """`picture` as the viewer draws it."""
    low = -picture.high if picture.colours == "signed" else picture.low
    colours = {"signed": diverging, "field": rising}.get(picture.colours)
    return Pane(
        picture.image,
        low,
        picture.high,
        picture.title,
        picture.unit,
        mask=picture.outline,
        colours=colours() if colours else None,
    )


def charts(key: str, drawn: Sequence[Chart], *, large: bool) -> None:
    """One below the other."""
    for i, chart in enumerate(drawn):
        st.plotly_chart(figure(chart, large=large), key=f"learn.{key}.chart.{i}", config=config(chart.title))


def tables(found: Sequence[Table]) -> None:
    """One below the other."""
    for table in found:
        _table(table)


def figure(chart: Chart, *, large: bool = False) -> go.Figure:
    """`chart` as Plotly draws it: curves differ by dash and marker too, so that no colour has to be told apart."""
    size = CHART_LARGE if large else 1.0
    above = _room_above([curve.name for curve in chart.curves])
    drawn = go.Figure()
    for i, curve in enumerate(chart.curves):
        drawn.add_trace(_trace(curve, i % len(COLOURS)))
    drawn.update_layout(
        title={"text": escaped(chart.title), "font": {"size": 13 * size}, "y": 0.98, "yanchor": "top"},
        font={"size": 12 * size},
        height=(above + PLOT_HEIGHT + AXIS_HEIGHT) * size,
        margin={"l": 56 * size, "r": 8, "t": above * size, "b": AXIS_HEIGHT * size},
        xaxis_title=escaped(chart.x_title),
        yaxis_title=escaped(chart.y_title),
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        showlegend=len(chart.curves) > 1,
        barmode="group",
    )
    drawn.update_xaxes(type=_scale(chart.log_x, chart.curves), title_standoff=4)
    drawn.update_yaxes(type="log" if chart.log_y else "linear", exponentformat="power", title_standoff=4)
    return drawn


def _room_above(names: Sequence[str]) -> int:
    """Pixels for the title and the legend, whose entries stand in columns as wide as the longest."""
    widths = [LEGEND_LINE + LETTER * len(name) for name in names]
    if len(widths) == 1:
        return 32
    in_a_row = len(widths) if sum(widths) <= LEGEND_WIDTH else max(1, LEGEND_WIDTH // max(widths))
    return 36 + 20 * -(-len(widths) // in_a_row)


def _scale(log: bool, curves: Sequence[Curve]) -> str:
    return "category" if isinstance(curves[0].x, tuple) else "log" if log else "linear"


def _trace(curve: Curve, i: int) -> go.Bar | go.Scatter:
    if isinstance(curve.x, tuple):
        pattern = {"shape": ("", "/", ".", "x", "-")[i]}
        return go.Bar(
            x=list(map(escaped, curve.x)),
            y=curve.y,
            name=escaped(curve.name),
            marker={"color": COLOURS[i], "pattern": pattern},
        )
    return go.Scatter(
        x=curve.x,
        y=curve.y,
        name=escaped(curve.name),
        mode="markers" if curve.points else "lines",
        line={"color": COLOURS[i], "dash": DASHES[i], "width": 2},
        marker={"color": COLOURS[i], "symbol": MARKERS[i], "size": 6},
    )


def _table(table: Table) -> None:
    st.markdown(f"**{plain(table.title)}**")
    rows = [tuple(cell if isinstance(cell, str) else number(cell) for cell in row) for row in table.rows]
    words = [i for i, cell in enumerate(table.rows[0]) if isinstance(cell, str)] if table.rows else [0]
    grid(table.head, rows, words)
