"""Histogram matching: ranks stay, values become the reference's."""

import numpy as np
import pytest

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from prep_core.scan import Scan
from tests.ops.scale.tissues import BRAINS, CT, DECADES


def to(reference: list[np.ndarray], inside: str = "all", per: str = "all") -> Recipe:
    line = Line("match_histogram", inside=inside, per=per)
    return fit(Recipe((line,)), [Scan(values, "ZYX") for values in reference])


@pytest.mark.parametrize("values", [CT, DECADES, BRAINS[0]], ids=["int16", "decades", "brain"])
def test_a_scan_matched_to_itself_stays(values: np.ndarray) -> None:
    result = apply(to([values]), Scan(values, "ZYX", unit="HU"))
    assert result.data == pytest.approx(values.astype(np.float32), abs=np.ptp(values.astype(float)) / 4096, rel=1e-3)
    assert result.unit == "HU"


def test_any_increasing_change_of_a_scan_is_undone() -> None:
    recipe = to([DECADES])
    changed = apply(recipe, Scan(np.log(DECADES), "ZYX")).data
    assert np.abs(np.log(changed) - np.log(DECADES)).max() < 0.02


def test_ranks_stay_and_the_histogram_is_the_one_of_all_training_voxels() -> None:
    result = apply(to([BRAINS[1], BRAINS[2]]), Scan(BRAINS[0], "ZYX")).data
    order = np.argsort(BRAINS[0], axis=None)
    assert (np.diff(result.ravel()[order]) >= 0).all()
    pool = np.concatenate([BRAINS[1].ravel(), BRAINS[2].ravel()])
    percents = np.arange(1, 100)
    step = np.ptp(pool) / 256
    assert np.abs(np.percentile(result, percents) - np.percentile(pool, percents)).max() < step


def test_the_empty_surround_stays_empty() -> None:
    result = apply(to([BRAINS[1]]), Scan(BRAINS[0], "ZYX")).data
    assert not result[BRAINS[0] == 0].any()


def test_what_was_not_measured_stops_at_the_ends() -> None:
    recipe = to([BRAINS[1]], inside="positive")
    result = apply(recipe, Scan(BRAINS[0], "ZYX")).data
    inside = BRAINS[1][BRAINS[1] > 0]
    assert (result.min(), result.max()) == (inside.min(), inside.max())


def test_a_reference_is_kept_in_the_recipe_and_survives_the_file() -> None:
    recipe = to([CT], per="plane")
    assert {name: array.data.shape for name, array in recipe.lines[0].fitted.arrays.items()} == {
        "reference_values": (7, 5122),
        "reference_shares": (7, 5122),
    }
    assert Recipe.from_yaml(recipe.to_yaml(), recipe.arrays) == recipe


def test_one_value_is_not_a_histogram() -> None:
    flat = np.full((2, 5, 5), 3, np.uint8)
    with pytest.raises(
        StepError, match="line 1: match_histogram has nothing to match: all voxels of the reference are 3"
    ):
        to([flat])
    with pytest.raises(StepError, match="nothing to match: all voxels of the scan are 3"):
        apply(to([CT]), Scan(flat, "ZYX"))
