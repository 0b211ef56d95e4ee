"""The section Drift of the page Compare, without a browser."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from prep_core.line import Line
from prep_core.quality.disturbed import HOT_RANGES, drifted, with_hot_pixels
from prep_core.samples import load_sample
from prep_core.scan import Scan, voxel_affine
from prep_ui.compare.tables import NONE
from prep_ui.session import state as sessions
from tests.ui.dashboard import state, words
from tests.ui.test_compare import open_page, show, tables, take


def drift(app: AppTest, *lines: Line, sample: str = "phase_cell") -> AppTest:
    for line in lines:
        sessions.add_line(state(app), line)
    return show(take(open_page(app), sample), "drift")


def moved(app: AppTest) -> str:
    row = next(line for line in tables(app).splitlines() if line.startswith("| moved |"))
    return row.split(" | ")[1]


def set_to(app: AppTest, name: str, value: float) -> AppTest:
    app.select_slider(key=f"compare.drift.{name}").set_value(value).run()
    assert not app.exception
    return app


def test_without_a_line_it_says_what_to_do(app: AppTest) -> None:
    assert "see here what it makes of a drift" in drift(app).info[0].value


def test_a_scan_that_is_as_it_was_does_not_move(app: AppTest) -> None:
    assert moved(set_to(drift(app, Line("zscore")), "gain", 1.0)) == "0 %"


def test_a_double_gain_moves_what_has_fixed_numbers(app: AppTest) -> None:
    drift(app, Line("clip", {"low": 0.0, "high": 1e6}))
    values = load_sample("phase_cell").data.astype(np.float64)
    # The result doubles too, so it moves by itself.
    expected = 100 * np.sqrt(np.mean(values**2)) / values.std()
    assert moved(set_to(app, "gain", 2.0)) == f"{expected:.1f} %"


def test_a_z_score_of_each_image_does_not_notice_gain_and_offset(app: AppTest) -> None:
    drift(app, Line("zscore"))
    set_to(set_to(app, "gain", 4.0), "offset", 20)
    assert float(moved(app).removesuffix(" %").removeprefix("< ")) <= 0.001


def test_a_line_that_waits_for_its_training_set_keeps_the_numbers_of_the_scan_as_it_is(app: AppTest) -> None:
    drift(app, Line("zscore", over="dataset"))
    values = load_sample("phase_cell").data
    low, high = np.percentile(values, (0.1, 99.9))
    expected = 100 * 0.1 * (high - low) / values.std()
    assert moved(set_to(set_to(app, "gain", 1.0), "offset", 10)) == f"{expected:.1f} %"


def test_hot_pixels_move_what_is_scaled_by_the_largest_value(app: AppTest) -> None:
    drift(app, Line("minmax"))
    assert float(moved(set_to(app, "hot", 1e-5)).removesuffix(" %")) > 100


def verdict(app: AppTest) -> dict[str, float]:
    told = {metric.label: metric.value.replace("\\", "").removesuffix(" %") for metric in app.metric}
    return {label: float(value) for label, value in told.items() if value != NONE}


def test_a_double_gain_is_told_in_numbers_before_and_after_the_recipe(app: AppTest) -> None:
    drift(app, Line("asinh", {"scale": 100.0}), Line("minmax"))
    values = load_sample("phase_cell").data.astype(np.float64)
    bent = [np.arcsinh(gain * values / 100) for gain in (1, 2)]
    one, other = ((v - v.min()) / np.ptp(v) for v in bent)
    before = np.sqrt(np.mean(values**2)) / values.std()
    after = np.sqrt(np.mean((other - one) ** 2)) / one.std()
    left = np.subtract(*np.percentile(other, (99, 1))) / np.subtract(*np.percentile(one, (99, 1)))
    expected = {"The scan moves": before, "The result moves": after, "Let through": after / before, "Range left": left}
    assert verdict(app) == {name: pytest.approx(100 * share, rel=0.02) for name, share in expected.items()}
    lines = tables(app).splitlines()
    assert [row.split(" | ")[0] for row in lines if row.startswith(("| as stored", "| after"))] == [
        "| as stored",
        "| after 1 asinh",
        "| after 2 minmax",
    ]


def test_hot_pixels_leave_a_tenth_of_the_range_to_the_others(app: AppTest) -> None:
    drift(app, Line("minmax"))
    set_to(set_to(app, "gain", 1.0), "hot", 1e-4)
    found = verdict(app)
    # They lie ten ranges above the least value, so that all others are squeezed into a tenth.
    assert found["Range left"] == pytest.approx(10.0, abs=0.06)
    assert found["The scan moves"] == 0
    assert "Let through" not in found


def test_a_recipe_that_refuses_the_drift_says_so(app: AppTest) -> None:
    drift(app, Line("rescale_range", {"in_low": 0.0, "in_high": 255.0, "clip": False}), Line("gamma"))
    assert not set_to(app, "gain", 1.0).error
    set_to(app, "gain", 4.0)
    assert words(app.error[0]).startswith("B: line 2: gamma needs values from 0 to 1")


def test_drifts_and_hot_pixels_are_made_as_they_are_said() -> None:
    data = np.arange(1000, dtype=np.uint16).reshape(20, 50)
    scan = Scan(data, "YX", voxel_affine())
    low, high = np.percentile(data, (0.1, 99.9))
    np.testing.assert_allclose(drifted(scan, gain=2, offset=0.5).data, 2.0 * data + 0.5 * (high - low))
    hot, places = with_hot_pixels(scan, share=0.01)
    assert np.flatnonzero(hot.data != data).tolist() == sorted(places.tolist())
    assert (places.size, set(hot.data.flat[places])) == (10, {HOT_RANGES * 999.0})
    assert not np.shares_memory(hot.data, data)
    assert data.max() == 999


@pytest.mark.parametrize("sample", ["oct_simulated", "us_echo"])
def test_every_kind_of_scan_can_drift(app: AppTest, sample: str) -> None:
    drift(app, *([Line("magnitude")] if sample == "oct_simulated" else [Line("minmax")]), sample=sample)
    set_to(app, "gain", 2.0)
    assert not app.error
