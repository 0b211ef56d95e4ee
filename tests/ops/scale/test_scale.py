"""Steps that scale by range, moments or robust spread: what the oracles do not say."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit, trace
from prep_core.scan import Scan
from prep_core.steps import STEPS
from tests.ops.scale.tissues import BRAINS, CT, DECADES
from tests.suited import result_of

POINTWISE = [name for name, step in STEPS.items() if step.family == "scale" and "image" in step.population["over"]]


def after(step: str, values: np.ndarray, per: str = "all", inside: str = "all", **params: object) -> np.ndarray:
    return apply(Recipe((Line(step, params, per=per, inside=inside),)), Scan(values, "ZYX")).data


def test_per_plane_measures_every_plane_by_itself() -> None:
    x = DECADES.astype(np.float64)
    wanted = (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True)
    assert after("zscore", DECADES, per="plane") == pytest.approx(wanted, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("step", POINTWISE)
def test_a_constant_population_is_named(step: str) -> None:
    words = r"line 1: .* has nothing to .* \(measured over image, plane 2 of 3, inside all, padding excluded\)"
    planes = np.stack([BRAINS[0][5], np.zeros((48, 52), np.float32), BRAINS[0][6]])
    with pytest.raises(StepError, match=words):
        after(step, planes, per="plane")


@pytest.mark.parametrize("step", ["zscore", "robust_zscore", "white_stripe", "background_scale", "nyul"])
def test_the_gain_of_a_scan_does_not_matter_and_values_keep_their_order(step: str) -> None:
    scan = Scan(BRAINS[0], "ZYX", mask=BRAINS[0] > 0)
    line = Line(step, inside="mask")
    first, second = (result_of(line, replace(scan, data=scan.data * np.float32(gain))).data for gain in (1, 64))
    assert second == pytest.approx(first, abs=2e-4)
    assert (np.diff(first.ravel()[np.argsort(scan.data, axis=None)]) >= 0).all()


def test_sigma_clip_does_not_measure_again_what_it_limited() -> None:
    values = np.array([[[0.0] * 98 + [100, -300]]], np.float32)
    mean, std = values.mean(dtype=np.float64), values.std(dtype=np.float64)
    result = after("sigma_clip", values, sigmas=2.0)
    assert (result.min(), result.max()) == pytest.approx((mean - 2 * std, mean + 2 * std))


def test_what_was_limited_is_counted_without_the_padding() -> None:
    data = np.array([[-90, 0, 1, 2, 3, 4, 5, 6, 7, 999, 999]], np.int16)
    scan = Scan(data, "YX", unit="HU", valid=np.arange(11)[None] < 10)
    for step, params in (("sigma_clip", {"sigmas": 0.5}), ("percentile_clip", {"low": 10.0, "high": 90.0})):
        (done,) = trace(Recipe((Line(step, params),)), scan)
        assert done.tally == {"limited_low": 1, "limited_high": 1}
        assert done.scan.unit == "HU"


def test_outliers_move_a_zscore_and_not_a_robust_one() -> None:
    hot = CT.copy()
    hot[0, 0, :20] = 32000
    for spread in ("mad", "iqr"):
        clean, dirty = (after("robust_zscore", values, spread=spread) for values in (CT, hot))
        assert np.abs((clean - dirty)[1:]).max() < 0.05
    assert np.abs((after("zscore", CT) - after("zscore", hot))[1:]).max() > 1


def test_a_robust_spread_is_the_standard_deviation_of_normal_noise() -> None:
    noise = np.random.default_rng(0).normal(-300, 7, (40, 100, 100)).astype(np.float32)
    wanted = after("zscore", noise)
    for spread in ("mad", "iqr"):
        assert np.abs(after("robust_zscore", noise, spread=spread) - wanted).max() < 0.05


def test_a_scan_that_is_mostly_empty_has_no_robust_spread() -> None:
    values = np.zeros((1, 10, 10), np.float32)
    values[0, :4] = DECADES[0, :4, :10]
    with pytest.raises(StepError, match="nothing to divide by: half of the measured voxels or more are 0; measure ins"):
        after("robust_zscore", values)
    assert np.isfinite(after("robust_zscore", values, inside="positive")).all()


def body_in_air(level: float) -> np.ndarray:
    data = np.full((4, 30, 30), -1000, np.int16)
    data[:, 8:22, 8:22] = np.random.default_rng(int(level)).normal(level, 15, (4, 14, 14)).round()
    return data


def test_ct_foreground_has_the_same_numbers_for_every_scan_and_leaves_the_air_out() -> None:
    scans = [Scan(body_in_air(level), "ZYX", unit="HU", modality="CT") for level in (20, 60)]
    recipe = fit(Recipe((Line("ct_foreground"),)), scans)
    numbers = recipe.lines[0].fitted.numbers
    inside = np.concatenate([scan.data[scan.data > -500] for scan in scans]).astype(np.float64)
    assert numbers["mean"] == pytest.approx(inside.mean())
    assert numbers["std"] == pytest.approx(inside.std())
    first, second = (apply(recipe, scan) for scan in scans)
    assert first.unit == "1"
    assert second.data.max() > first.data.max() + 1
    assert first.data.min() == second.data.min() == pytest.approx((numbers["low"] - numbers["mean"]) / numbers["std"])


@pytest.mark.parametrize("step", ["percentile_clip", "percentile_rescale", "ct_foreground"])
def test_percentiles_must_be_in_order(step: str) -> None:
    with pytest.raises(RecipeError, match=f"{step} low must be below high, got low 60 and high 50"):
        Line(step, {"low": 60.0, "high": 50.0})
