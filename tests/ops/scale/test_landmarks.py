"""Nyul's standard scale: scans of any gain become alike."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.preview import preview, resolve
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from prep_core.scan import Scan
from tests.ops.scale.tissues import BRAINS, brain

SCANS = [Scan(values, "ZYX") for values in BRAINS]


def fitted(scans: list[Scan], inside: str = "positive", **params: object) -> Recipe:
    return fit(Recipe((Line("nyul", params, inside=inside),)), scans)


def test_gain_and_offset_of_a_scan_do_not_matter() -> None:
    recipe = fitted(SCANS, inside="all")
    once = apply(recipe, SCANS[0])
    other = apply(recipe, replace(SCANS[0], data=SCANS[0].data * np.float32(0.3) + np.float32(70)))
    assert other.data == pytest.approx(once.data, abs=1e-3)
    assert once.unit == "1"


def test_the_percentiles_of_a_scan_become_the_mean_ones() -> None:
    recipe = fitted(SCANS, out_low=10.0, out_high=20.0)
    standard = recipe.lines[0].fitted.arrays["standard"].data[0]
    assert (standard[0], standard[-1]) == (10, 20)
    inside = SCANS[2].data > 0
    found = np.percentile(apply(recipe, SCANS[2]).data[inside], (1, *range(10, 100, 10), 99))
    assert found == pytest.approx(standard, abs=0.02)


def test_outside_the_landmarks_lines_go_on_or_stop() -> None:
    far = SCANS[0].data.copy()
    far[0, 0, :2] = [-5000, 9000]
    scan = replace(SCANS[0], data=far)
    gone, stopped = (apply(fitted(SCANS, outside=outside), scan).data for outside in ("extrapolate", "clamp"))
    assert gone[0, 0, 0] < -300
    assert gone[0, 0, 1] > 300
    assert (stopped.min(), stopped.max()) == pytest.approx((1, 100), abs=1e-4)
    within = (stopped > 1) & (stopped < 100)
    assert np.array_equal(stopped[within], gone[within])


def test_a_recipe_with_landmarks_survives_the_file_and_shows_the_same_plane() -> None:
    recipe = fitted(SCANS)
    again = Recipe.from_yaml(recipe.to_yaml(), recipe.arrays)
    assert again == recipe
    full = apply(again, SCANS[1])
    *_, last = preview(resolve(again.lines, SCANS[1], {}), {"Z": 5})
    assert last.scan.data.tobytes() == full.data[5:6].tobytes()


def test_every_channel_has_landmarks_of_its_own() -> None:
    both = [Scan(np.stack([s.data, s.data[::-1] ** np.float32(0.5)]), "CZYX") for s in SCANS]
    recipe = fit(Recipe((Line("nyul", per="channel", inside="positive"),)), both)
    assert recipe.lines[0].fitted.arrays["standard"].data.shape == (2, 11)
    alone = apply(fitted(SCANS), SCANS[1]).data
    assert np.array_equal(apply(recipe, both[1]).data[0], alone)


def test_landmarks_that_coincide_give_finite_values() -> None:
    """Half of the voxels are 0, so six landmarks are; a value just above goes on from the upper one."""
    recipe = fitted(SCANS, inside="all")
    data = np.where(brain(4) > 0, brain(4), 0)
    result = apply(recipe, Scan(data, "ZYX")).data
    assert np.isfinite(result).all()
    assert np.unique(result[data == 0]).size == 1
    assert (np.diff(result.ravel()[np.argsort(data, axis=None)]) >= 0).all()


def test_padding_that_is_not_a_number_stays_where_it_is() -> None:
    data = np.where(np.arange(12)[:, None, None] < 2, np.float32(np.nan), SCANS[0].data)
    result = apply(fitted(SCANS), Scan(data, "ZYX"))
    assert np.array_equal(np.isfinite(result.data), result.valid)


def test_what_has_no_range_is_refused() -> None:
    flat = Scan(np.full((3, 6, 6), 4, np.int16), "ZYX")
    with pytest.raises(StepError, match=r"line 1: nyul has nothing to scale in one of the scans.* are both 4"):
        fitted([SCANS[0], flat])
    with pytest.raises(
        StepError, match=r"nothing to scale: the first and the last landmark are both 4 \(measured over"
    ):
        apply(fitted(SCANS), flat)
    with pytest.raises(RecipeError, match="nyul over must be one of dataset, got 'image'"):
        Line("nyul", over="image")
    with pytest.raises(RecipeError, match="out_low must be below out_high, got 5 and 5"):
        Line("nyul", {"out_low": 5.0, "out_high": 5.0})
