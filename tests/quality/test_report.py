"""Before and after a recipe, where the answer is known."""

import json
import math

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.quality.disturbed import drift, frozen_on, hot_pixels
from prep_core.quality.report import before_after, on_the_grid_of
from prep_core.recipe import Recipe
from prep_core.run import StepError
from prep_core.samples import load_sample
from prep_core.scan import Scan, voxel_affine

RNG = np.random.Generator(np.random.PCG64(3))
POSITIVE = Scan(RNG.uniform(1, 100, (4, 24, 24)).astype(np.float32), "ZYX", voxel_affine(), True)
DB = {"quantity": "power", "reference": "fixed", "value": 1.0}


def recipe(*lines: Line) -> Recipe:
    return Recipe(lines)


def figure(report, name: str) -> tuple[float | None, float | None]:
    (found,) = (f for f in report.figures if f.name == name)
    return found.before, found.after


def test_a_recipe_without_lines_changes_nothing_and_moves_as_the_scan_does() -> None:
    report = before_after(recipe(), POSITIVE)
    assert all(f.before == f.after for f in report.figures)
    against = report.against
    assert against is not None
    assert (against.clipped.low, against.clipped.high) == (0, 0)
    assert (against.contrast, against.edges, against.noise) == pytest.approx((1, 1, 1))
    assert (against.psnr, against.ssim) == (math.inf, pytest.approx(1))
    assert report.plain()["against"]["psnr"] is None
    by_ten, by_two, offset = report.drifts
    assert by_two.mean == pytest.approx(POSITIVE.data.mean(), rel=1e-6)
    assert by_ten.relative == pytest.approx(by_two.relative / 10, rel=1e-5)
    assert offset.rms == pytest.approx(0.05 * np.subtract(*np.percentile(POSITIVE.data, (99.9, 0.1))), rel=1e-4)
    assert (report.hot.rms, report.hot.largest) == (0, 0)


def test_doubling_the_gain_moves_decibels_by_3_against_a_fixed_reference_and_not_at_all_per_scan() -> None:
    fixed = recipe(Line("decibel", DB))
    moved = drift(fixed, POSITIVE, frozen_on(fixed, POSITIVE)[1], gain=2.0)
    assert (moved.mean, moved.largest) == pytest.approx((10 * math.log10(2),) * 2, abs=1e-5)
    own = recipe(Line("decibel"))
    assert before_after(own, POSITIVE).drifts[1].largest == pytest.approx(0, abs=1e-5)


def test_a_line_that_waits_for_its_training_set_is_frozen_on_the_scan_before_it_drifts() -> None:
    per_scan = before_after(recipe(Line("zscore")), POSITIVE).drifts
    frozen = before_after(recipe(Line("zscore", over="dataset")), POSITIVE).drifts
    assert [moved.rms for moved in per_scan] == pytest.approx([0, 0, 0], abs=1e-5)
    assert frozen[2].relative == pytest.approx(0.05 * 99 / POSITIVE.data.std(), rel=0.02)


def test_one_hot_pixel_breaks_minmax_and_not_percentiles() -> None:
    robust = before_after(recipe(Line("percentile_rescale")), POSITIVE).hot
    fragile = before_after(recipe(Line("minmax")), POSITIVE).hot
    assert fragile.relative > 1
    assert fragile.mean < -0.4
    assert robust.relative < 0.01
    wanted = recipe(Line("minmax"))
    result = frozen_on(wanted, POSITIVE)[1]
    again = [hot_pixels(wanted, POSITIVE, result) for _ in range(2)]
    assert again[0] == again[1]


def test_a_recipe_that_refuses_the_disturbed_scan_says_so() -> None:
    unit = Scan(RNG.uniform(0, 1, (16, 16)).astype(np.float32), "YX")
    report = before_after(recipe(Line("gamma")), unit)
    assert "gamma needs values from 0 to 1" in report.drifts[0].complaint
    assert report.drifts[0].rms is None


def test_what_a_clip_takes_is_counted_in_all_and_inside_the_mask() -> None:
    data = np.tile(np.arange(100, dtype=np.float32), (20, 1))
    scan = Scan(data, "YX", mask=data < 50)
    against = before_after(recipe(Line("clip", {"low": 9.0, "high": 89.0})), scan).against
    assert against is not None
    assert (against.clipped.low, against.clipped.high) == (0.1, 0.11)
    assert against.clipped_inside == (0.2, 0)


def test_padding_enters_no_figure() -> None:
    data = POSITIVE.data.copy()
    valid = np.ones(data.shape, bool)
    valid[:, :4] = False
    lines = recipe(Line("percentile_rescale"), Line("gamma", {"gamma": 0.5}))
    low, high = (before_after(lines, Scan(np.where(valid, data, v), "ZYX", valid=valid)) for v in (0.0, 5e6))
    assert low.plain() == high.plain()


def test_after_resampling_the_result_is_compared_with_the_resampled_scan() -> None:
    lines = recipe(Line("zscore"), Line("resample", {"spacing": (2.0, 2.0, 2.0)}))
    report = before_after(lines, POSITIVE)
    assert report.against is not None
    assert report.against.ssim is None or report.against.ssim > 0.999
    assert report.against.psnr > 80
    start = on_the_grid_of(lines, POSITIVE, frozen_on(lines, POSITIVE)[1])
    assert start is not None
    assert start.data.shape == (2, 12, 12)


def test_a_constant_result_has_no_bands_and_a_broken_line_is_named() -> None:
    report = before_after(recipe(Line("clip", {"low": 200.0, "high": 300.0})), POSITIVE)
    assert report.bands is None
    assert report.against is not None
    assert report.against.clipped == (1, 0)
    with pytest.raises(StepError, match="line 1: gamma needs"):
        before_after(recipe(Line("gamma")), POSITIVE)


def test_a_real_scan_as_json_and_the_progress_is_told() -> None:
    told: list[float] = []
    report = before_after(
        recipe(Line("magnitude"), Line("decibel")),
        load_sample("oct_simulated"),
        lambda share, words: told.append(share),
    )
    assert told == sorted(told)
    assert 0 == told[0] < told[-1] < 1
    assert json.loads(json.dumps(report.plain()))["unit_after"] == "dB"
    assert figure(report, "decades")[0] == pytest.approx(4.34, abs=0.01)
