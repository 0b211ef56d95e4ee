"""Scaling by the background: what is measured, what is divided, and what has no answer."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, trace
from prep_core.scan import Scan


def cells(seed: int = 0, level: float = 200.0) -> Scan:
    """A grey background with shot noise, and cells twice as bright on a quarter of it."""
    rng = np.random.default_rng(seed)
    bright = gaussian_filter(rng.normal(size=(2, 80, 90)), (0, 4, 4)) > 0.03
    return Scan(rng.poisson(level * (1 + bright)).astype(np.uint16), "ZYX")


def background(scan: Scan, inside: str = "all", **params: object) -> float:
    (done,) = trace(Recipe((Line("background_scale", params, inside=inside),)), scan)
    return float(done.measured.numbers["background"])


@pytest.mark.parametrize("level", [50.0, 200.0, 3000.0])
def test_the_background_of_any_exposure_becomes_one(level: float) -> None:
    scan = cells(level=level)
    assert background(scan) == pytest.approx(level, rel=0.02)
    result = apply(Recipe((Line("background_scale"),)), scan)
    assert result.unit == "1"
    assert np.median(result.data[scan.data < 1.4 * level]) == pytest.approx(1, abs=0.03)
    assert np.median(result.data[scan.data > 1.6 * level]) == pytest.approx(2, abs=0.06)


def test_pixels_are_divided_as_they_are_and_not_smoothed() -> None:
    scan = cells()
    value = np.float32(background(scan, smooth_sigma=3.0, factor=4.0))
    result = apply(Recipe((Line("background_scale", {"smooth_sigma": 3.0, "factor": 4.0}),)), scan)
    assert np.array_equal(result.data, scan.data.astype(np.float32) / (value * 4))


def test_planes_are_smoothed_by_themselves() -> None:
    scan = cells()
    darker = replace(scan, data=np.stack([scan.data[0], scan.data[1] // 7]))
    recipes = [Recipe((Line("background_scale", {"smooth_sigma": 2.0}, per="plane"),))]
    (first,), (second,) = (trace(recipe, s) for recipe in recipes for s in (scan, darker))
    ours, theirs = first.measured.numbers["background"], second.measured.numbers["background"]
    assert ours[0] == theirs[0]
    assert ours[1] > 5 * theirs[1]


@pytest.mark.parametrize("padding", [0.0, -3e4, np.nan])
def test_padding_has_no_weight_in_the_smoothing(padding: float) -> None:
    data = np.full((60, 60), 50, np.float32)
    valid = np.ones(data.shape, bool)
    valid[:, 25:] = valid[40, :] = False
    scan = Scan(np.where(valid, data, np.float32(padding)), "YX", valid=valid)
    for statistic in ("mode", "median"):
        assert background(scan, statistic=statistic, smooth_sigma=8.0) == pytest.approx(50, rel=1e-5)


def test_the_voxels_inside_are_chosen_before_smoothing() -> None:
    data = np.zeros((40, 40), np.float32)
    data[::2] = 10.0
    scan = Scan(data, "YX", mask=data > 0)
    everywhere = gaussian_filter(data, 5.0)
    for inside in ("positive", "mask", "foreground"):
        found = background(scan, inside=inside, statistic="median", smooth_sigma=5.0)
        assert found == pytest.approx(np.median(everywhere[data > 0]), rel=1e-6)
        assert background(scan, inside=inside, statistic="median", smooth_sigma=0.0) == 10


def test_a_hot_pixel_moves_nothing() -> None:
    scan = cells()
    data = scan.data.copy()
    data[0, 3, 3] = 65535
    assert background(replace(scan, data=data)) == pytest.approx(background(scan), rel=0.01)


@pytest.mark.parametrize("statistic", ["mode", "median"])
def test_a_background_of_zero_or_below_is_refused(statistic: str) -> None:
    recipe = Recipe((Line("background_scale", {"statistic": statistic}),))
    noise = np.random.default_rng(0).normal(0, 1e-3, (30, 30)).astype(np.float32)
    noise[:, :25] = 0
    for data in (noise, noise - 50, np.zeros((5, 5), np.float32)):
        with pytest.raises(
            StepError, match=r"line 1: background_scale has nothing to divide by: the background is .*above 0"
        ):
            apply(recipe, Scan(data, "YX"))


def test_a_mode_that_may_be_zero_is_refused() -> None:
    rng = np.random.default_rng(0)
    data = np.where(rng.uniform(size=(90, 90)) < 0.4, 0, rng.uniform(0, 1000, (90, 90))).astype(np.float32)
    with pytest.raises(StepError, match=r"within .* and must be above 0; measure inside positive"):
        apply(Recipe((Line("background_scale", {"smooth_sigma": 0.0}),)), Scan(data, "YX"))
