"""The charts of Tune: as stored, in dB, what enters the selected line, and what leaves the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.binning import binned
from prep_core.inspection import magnitude_of, valid_values
from prep_core.linked import Bands, bin_of, by_voxels, ends, through
from prep_core.run import Done
from prep_core.scan import Scan
from prep_ui.histograms import Chart
from prep_ui.inspecting.histogram_charts import Decibels, by_formula, decibel_axis, percentile_marks, raw_axis
from prep_ui.session.state import AppState, Card
from prep_ui.viewer.payload import stride
from prep_ui.work import compute
from prep_ui.work.compute import Shown

NO_BIN = 255
"""What the pixels of padding have instead of a bin."""


@dataclass(frozen=True)
class Selected:
    """The selected line, switched on, and how many lines lie above it; its input is known."""

    card: Card
    above: int


def selected(state: AppState, shown: Shown) -> Selected | None:
    """The selected line, if it is on and what enters it is known."""
    on = [card for card in state.cards if card.on]
    above = next((i for i, card in enumerate(on) if card.uid == state.selected), None)
    return Selected(on[above], above) if above is not None and above <= len(shown.done) else None


@dataclass(frozen=True, eq=False)
class Place:
    """Where a chart stands among the lines.

    Attributes
    ----------
    depth : how many lines lie above; None for the raw values in dB
    plane : what is shown there
    values : (n,) ndarray, one for each pixel; NaN for padding, and for what has no dB
    """

    depth: int | None
    plane: Scan
    values: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stored:
    """What the charts show of a plane before any line, by the name of the chart; `bins` has the bin of each pixel."""

    charts: Mapping[str, Chart]
    places: Mapping[str, Place]
    bins: Mapping[str, NDArray[np.intp]]


def stored(plane: Scan, scale: Decibels | None, noise: float | None) -> Stored:
    """Raw and dB: the same whatever the recipe is."""
    # A copy: what is kept would hold the whole scan in memory otherwise.
    plane = replace(plane, data=plane.data.copy(), valid=plane.valid.copy())
    values = valid_values(plane)
    raw = raw_axis(values, plane.unit, "raw", noise)
    level = decibel_axis(values, scale, raw.chart.marks) if scale else None
    charts = {chart.id: chart for chart in by_formula([raw, level] if level else [raw])}
    places = {"raw": Place(0, plane, pixels_of(plane))}
    if scale:
        places["decibel"] = Place(None, plane, scale.of(places["raw"].values))
    return Stored(charts, places, {name: bin_of(charts[name].counted, places[name].values) for name in charts})


def charts_of(shown: Shown, chosen: Selected | None, known: Stored) -> list[Chart]:
    """Raw, dB, what enters the selected line, and what leaves the last: linked with each other."""
    charts, places = dict(known.charts), dict(known.places)
    for depth in depths(shown, chosen):
        scan = shown.done[depth - 1].scan
        place = Place(depth, scan, pixels_of(scan))
        chart = _entering(place, chosen) if chosen and depth < len(shown.done) else _after(shown, depth)
        charts[chart.id], places[chart.id] = chart, place
    return [_linked(chart, charts, places, known.bins.get(chart.id), shown.done) for chart in charts.values()]


def depths(shown: Shown, chosen: Selected | None) -> list[int]:
    """After how many lines a chart is drawn: what enters the selected one, and what leaves the last."""
    wanted = sorted({chosen.above if chosen else 0, len(shown.done)} - {0})
    return [depth for depth in wanted if shown.done[depth - 1].scan.valid.any()]


def pixels_of(plane: Scan) -> NDArray[np.float64]:
    """One value for each pixel, NaN for padding; complex values by their magnitude."""
    values = magnitude_of(plane).data.astype(np.float64)
    values[~plane.valid] = np.nan
    return values.reshape(-1)


def _after(shown: Shown, depth: int) -> Chart:
    scan = shown.done[depth - 1].scan
    values = valid_values(scan)
    title = f"after {depth} {shown.done[depth - 1].line.step}"
    return Chart("after", title, binned(values, scan.unit), marks=percentile_marks(values), pane=1)


def _entering(place: Place, chosen: Selected) -> Chart:
    """No picture shows what enters a line in the middle, so that its pixels are sent along."""
    scan = place.plane
    values = valid_values(scan)
    counted = binned(values, scan.unit, bins=NO_BIN)
    every = stride(compute.pixels(scan))
    at = bin_of(counted, place.values).reshape(scan.data.shape[-2:])[::every, ::every]
    title = f"into {chosen.above + 1} {chosen.card.line.step}"
    pixels = np.where(at < 0, NO_BIN, at).astype(np.uint8)
    return Chart("into", title, counted, marks=percentile_marks(values), bins_of=pixels)


def _linked(
    chart: Chart,
    charts: Mapping[str, Chart],
    places: Mapping[str, Place],
    bins: NDArray[np.intp] | None,
    done: Sequence[Done],
) -> Chart:
    """`chart` with the bands of its bins in those charts that it has none in yet and that show the same pixels."""
    here = places[chart.id]
    others = [
        other
        for other in charts
        if other != chart.id
        and other not in chart.bands
        and places[other].plane.data.shape[-2:] == here.plane.data.shape[-2:]
    ]
    if not others:
        return chart
    at = bin_of(chart.counted, here.values) if bins is None else bins
    bands = {name: _bands(chart, at, here, places[name], done) for name in others}
    return replace(chart, bands={**chart.bands, **bands})


def _bands(
    chart: Chart,
    at: NDArray[np.intp],
    here: Place,
    there: Place,
    done: Sequence[Done],
) -> Bands:
    """By the function that leads there, where there is one; else from the pixels themselves."""
    if here.depth is not None and there.depth is not None and here.depth < there.depth:
        low, high = ends(chart.counted, chart.whole)
        met = np.clip(np.concatenate((low, high)), np.nanmin(here.values), np.nanmax(here.values))
        answers = through(done[here.depth : there.depth], here.plane, met)
        if answers is not None:
            return Bands.of(*np.split(answers, 2))
    return by_voxels(at, len(chart.counted.counts), there.values)
