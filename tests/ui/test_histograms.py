"""Linked histograms: what reaches the browser, what a bin is elsewhere, and which parameters are steered."""

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from prep_core.inspection import Histogram, inspect
from prep_core.line import Line
from prep_core.linked import PERCENTS, Bands
from prep_core.running import run_lines
from prep_core.scan import Scan
from prep_core.steps import STEPS
from prep_ui.histograms import Chart, Mark, pack
from prep_ui.inspecting.histogram_charts import Decibels, by_formula, decibel_axis, decibels, linear_axis, raw_axis
from prep_ui.session.state import Card
from prep_ui.tune.steering import steer, steered, values_of, window_ends
from prep_ui.tune.tune_charts import Selected, charts_of, stored
from prep_ui.work.compute import Shown
from tests.ui.dashboard import go, npy, state, upload
from tests.ui.test_pages import add

RNG = np.random.default_rng(3)
COUNTED = Histogram(np.array([0.0, 1.0, 3.0]), np.array([4, 2]), "HU")
PLANE = Scan(RNG.integers(-100, 900, (1, 16, 18)).astype(np.int16), "ZYX", unit="HU", modality="CT", name="tiny")


def unpack(payload: bytes) -> tuple[dict[str, Any], list[bytes]]:
    (length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + length])
    blocks, at = [], 4 + length + -(4 + length) % 8
    for size in header["blocks"]:
        blocks.append(payload[at : at + size])
        at += size + -size % 8
    assert at == len(payload)
    return header, blocks


def numbers(blocks: list[bytes], index: int) -> NDArray[np.float64]:
    return np.frombuffer(blocks[index], "<f8")


def charts(lines: list[Line], above: int | None, plane: Scan = PLANE) -> dict[str, Chart]:
    done = tuple(run_lines(lines, plane, alone=True))
    chosen = None if above is None else Selected(Card(1, lines[above]), above)
    found = charts_of(Shown(plane, done), chosen, stored(plane, decibels(plane, inspect(plane)), None))
    return {chart.id: chart for chart in found}


def sent(app: AppTest) -> dict[str, Any]:
    """The header of the histograms on the page."""
    found = [
        unpack(element.proto.bytes)[0] for element in app.get("bidi_component") if b'"charts"' in element.proto.bytes
    ]
    assert len(found) == 1
    return found[0]


def test_numbers_come_back_as_they_were() -> None:
    bands = Bands(np.array([np.nan, 1.0]), np.array([np.nan, 2.0]))
    pixels = np.array([[0, 1, 255]], np.uint8)
    chart = Chart("raw", "raw", COUNTED, marks=(Mark("p50", 0.5),), bands={"after": bands}, bins_of=pixels)
    header, blocks = unpack(pack([chart], height=120, answers=7, name="x"))
    (head,) = header["charts"]
    assert (header["height"], header["answers"], header["stacked"], head["unit"]) == (120, 7, False, "HU")
    np.testing.assert_array_equal(numbers(blocks, head["edges"]), COUNTED.edges)
    np.testing.assert_array_equal(numbers(blocks, head["counts"]), COUNTED.counts)
    np.testing.assert_array_equal(numbers(blocks, head["bands"]["after"][1]), bands.high)
    assert blocks[head["bins_of"]["block"]] == pixels.tobytes()
    assert head["marks"] == [{"label": "p50", "value": 0.5, "kind": "percentile"}]
    other, _ = unpack(pack([replace(chart, title="other")], height=120))
    assert other["rev"] != header["rev"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"counted": replace(COUNTED, edges=np.array([0.0, 2.0, 1.0]))}, "edges must be finite and rising"),
        ({"counted": replace(COUNTED, edges=np.array([0.0, 1.0]))}, "one more than the counts"),
        ({"bands": {"b": Bands(np.zeros(3), np.zeros(3))}}, "the bands of 'b' must have a value for each bin"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(Chart("a", "a", COUNTED), **change)


def test_raw_linear_and_decibels_are_formulas_of_each_other() -> None:
    values = np.arange(1, 101, dtype=np.uint8)
    scale = Decibels(100.0, "power")
    raw = raw_axis(values, "a.u.", "raw", noise=None)
    level = decibel_axis(values, scale, raw.chart.marks)
    assert level is not None
    charts = {chart.id: chart for chart in by_formula([raw, linear_axis(raw.chart, 1.0, 100.0), level])}
    assert charts["raw"].bands["linear"].low == pytest.approx((values - 1.0) / 99)
    assert charts["raw"].bands["decibel"].high == pytest.approx(10 * np.log10(values / 100))
    assert charts["linear"].bands["raw"].low == pytest.approx(values)
    first = charts["decibel"].counted.counts[0]
    assert (charts["decibel"].bands["raw"].low[0], charts["decibel"].bands["raw"].high[0]) == (1, first)
    p99_9 = next(mark for mark in charts["decibel"].marks if mark.label == "p99.9")
    assert p99_9.value == pytest.approx(10 * np.log10(np.percentile(values, 99.9) / 100))


def test_noise_and_decades_are_marked_where_the_noise_is_known() -> None:
    values = 10 ** RNG.uniform(-1, 3, 4000).astype(np.float32)
    raw = raw_axis(values, "a.u.", "raw", noise=0.3)
    assert {m.label: m.value for m in raw.chart.marks if m.kind != "percentile"} == {
        "noise": 0.3, "10⁻¹": 0.1, "10⁰": 1, "10¹": 10, "10²": 100
    }  # fmt: skip
    level = decibel_axis(values, Decibels(1000.0, "amplitude"), raw.chart.marks)
    assert level is not None
    found = {m.label: m.value for m in level.chart.marks if m.kind != "percentile"}
    assert found["noise"] == pytest.approx(20 * np.log10(0.3 / 1000))
    assert (found["10⁻¹"], found["10⁻³"]) == (-20, -60)


def test_decibels_have_no_meaning_for_hu_and_below_zero() -> None:
    assert decibels(PLANE, inspect(PLANE)) is None
    assert decibels(PLANE, inspect(PLANE), anyway=True) == Decibels(float(np.percentile(PLANE.data, 99.9)), "power")
    below = replace(PLANE, unit="a.u.")
    assert decibels(below, inspect(below)) is None
    above = replace(below, data=PLANE.data + np.int16(100))
    assert decibels(above, inspect(above)) == Decibels(float(np.percentile(above.data, 99.9)), "power")


def test_a_bin_before_a_pointwise_line_becomes_the_band_of_its_function() -> None:
    found = charts([Line("clip", {"low": 0, "high": 400}), Line("rescale", {"subtract": 0, "divide": 400})], above=1)
    assert list(found) == ["raw", "into", "after"]
    low = np.ceil(found["raw"].counted.edges[:-1])
    assert found["raw"].bands["after"].low == pytest.approx(np.clip(low, 0, 400) / 400, abs=1e-6)
    # Every value below 0 became 0: a bin at the lower end comes from all of them.
    assert found["after"].bands["raw"].low[0] == PLANE.data.min()
    assert found["into"].bins_of is not None
    inside = PLANE.data.clip(0, 400).reshape(16, 18)
    edges = found["into"].counted.edges
    np.testing.assert_array_equal(found["into"].bins_of, np.digitize(inside, edges) - 1)


def test_beside_a_line_that_looks_around_the_pixels_themselves_say_it() -> None:
    found = charts([Line("median")], above=0)
    after = next(iter(run_lines([Line("median")], PLANE))).scan.data
    edges = found["raw"].counted.edges
    for i in np.flatnonzero(found["raw"].counted.counts)[[0, 7]]:
        inside = (PLANE.data >= edges[i]) & (PLANE.data < edges[i + 1])
        bands = found["raw"].bands["after"]
        assert (bands.low[i], bands.high[i]) == (after[inside].min(), after[inside].max())


def test_another_grid_is_not_linked() -> None:
    found = charts([Line("downscale")], None)
    assert found["raw"].bands == {}


STEERED = {
    "window": ("center", "width"),
    "clip": ("low", "high"),
    "rescale_range": ("in_low", "in_high"),
    "round_to": ("low", "high"),
    "threshold_mask": ("low", "high"),
    "percentile_rescale": ("low", "high"),
    "percentile_clip": ("low", "high"),
    "ct_foreground": ("low", "high"),
    "nyul": ("low", "high"),
    "clahe": ("low_percentile", "high_percentile"),
    "decibel": ("percentile",),
    "body_mask": ("threshold",),
    "metal": ("threshold",),
    "lung_mask": ("threshold",),
}


def test_steps_with_a_place_on_the_axis_are_steered_and_no_others() -> None:
    found = {name: got.names for name in STEPS if (got := steered(Line(name)))}
    assert found.items() <= STEERED.items()
    assert {"window", "clip", "percentile_clip", "decibel", "rescale_range", "nyul"} <= found.keys()
    fixed = steered(Line("clahe", {"input_range": "fixed"}))
    assert fixed is not None
    assert (fixed.names, fixed.percents) == (("in_low", "in_high"), False)
    assert steered(Line("decibel", {"reference": "maximum"})) is None


@pytest.mark.parametrize(("function", "extra"), [("linear", 0.5), ("linear_exact", 0.0)])
def test_a_window_becomes_its_two_ends_as_dicom_has_them(function: str, extra: float) -> None:
    handles = steer(Line("window", {"center": 40, "width": 400, "function": function}), 3, 2, "raw")
    assert handles is not None
    assert handles.at == window_ends(40, 400, extra) == (-160, 240 - 2 * extra)
    low, high = handles.at
    assert ((low + high) / 2 + extra, high - low + 2 * extra) == (40, 400)


def test_percentiles_lie_where_they_were_measured() -> None:
    line = Line("percentile_clip", {"low": 2.5, "high": 90})
    curve = np.percentile(PLANE.data, PERCENTS)
    (done,) = run_lines([line], PLANE)
    exact, between = steer(line, 1, 1, "raw", curve, done.measured), steer(line, 1, 1, "raw", curve)
    assert exact is not None
    assert exact.at == pytest.approx(np.percentile(PLANE.data, (2.5, 90)))
    assert between is not None
    assert between.at == pytest.approx(np.percentile(PLANE.data, (2.5, 90)), abs=10)
    assert steer(line, 1, 1, "raw") is None


def test_only_steered_numbers_are_taken_from_the_browser() -> None:
    found = steered(Line("clip"))
    assert found is not None
    assert values_of(found, {"low": 1, "high": "x", "step": 3}) == {"low": 1.0}


def test_inspect_and_tune_send_the_histograms_of_the_scan(app: AppTest) -> None:
    data = RNG.integers(0, 4000, (24, 32)).astype(np.uint16)
    upload(app, "mine.npy", npy(data))
    assert [chart["id"] for chart in sent(app)["charts"]] == ["raw", "linear", "decibel"]
    go(app, "tune")
    assert [chart["id"] for chart in sent(app)["charts"]] == ["raw", "decibel"]
    uid = add(app, "percentile_clip")
    header = sent(app)
    assert [chart["title"] for chart in header["charts"]] == ["raw", "dB relative to p99.9", "after 1 percentile_clip"]
    assert (header["steer"]["uid"], header["steer"]["chart"]) == (uid, "raw")
    assert header["steer"]["at"] == pytest.approx(np.percentile(data, header["steer"]["now"]))
    add(app, "zscore")
    assert sent(app)["steer"] is None
    assert state(app).cards[0].uid == uid
