"""How the scans of a training set count together: each voxel alike, or each scan alike."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from prep_core.line import Fitted, Line, RecipeError
from prep_core.measure import weight_of
from prep_core.measuring import measured
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan
from prep_core.steps import STEPS, Step
from tests.measure.portions import pooled, repeated

SIZES = (64, 256, 1024)
TIMES = (16, 4, 1)
"""So often comes each voxel of these scans where each scan counts alike."""
PERCENTS = (0.0, 0.1, 1.0, 33.3, 49.9, 99.9, 100.0)

FEW = np.array([0, 0, 0, 90], np.int16)
MANY = np.array([40, 40, 40, 40, 40, 40, 80, 80], np.int16)


def scan(values: np.ndarray) -> Scan:
    return Scan(values.reshape(1, -1), "YX")


def fitted(line: Line, parts: Sequence[np.ndarray]) -> Fitted:
    found = fit(Recipe((line,)), [scan(part) for part in parts]).lines[0].fitted
    assert found is not None
    return found


def percentile(percent: float, parts: Sequence[np.ndarray], pool: str) -> float:
    """The percentile, as the lower end of a rescaling whose upper end is another."""
    other = 50.0 if percent == 100 else 100.0
    low, high = sorted((percent, other))
    line = Line("percentile_clip", {"low": low, "high": high}, over="dataset", pool=pool)
    found = fitted(line, parts).numbers["low" if percent == low else "high"]
    assert isinstance(found, float)
    return found


def numbers_of(recipe: Recipe) -> dict[str, np.ndarray]:
    found = recipe.lines[0].fitted
    assert found is not None
    return {**found.numbers, **{name: array.data for name, array in found.arrays.items()}}


def decades(dtype: str) -> list[np.ndarray]:
    """Scans of three sizes and brightnesses; as float32, over eight decades."""
    rng = np.random.default_rng(7)
    values = [10 ** rng.uniform(i - 6, i + 2, n) for i, n in enumerate(SIZES)]
    return [v.astype(np.float32) if dtype == "float32" else (600 * np.sqrt(v)).astype(dtype) for v in values]


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
@pytest.mark.parametrize("percent", PERCENTS)
def test_percentiles_are_numpys_on_what_is_pooled(dtype: str, percent: float) -> None:
    parts = decades(dtype)
    assert percentile(percent, parts, "voxels") == np.percentile(pooled(parts), percent)
    # 2^40 repetitions of each scan leave nothing to interpolate but between voxels that are equal.
    often = pooled(repeated(parts, TIMES))
    assert percentile(percent, parts, "scans") == np.percentile(often, percent, method="inverted_cdf")


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_mean_and_std_are_numpys_on_what_is_pooled(dtype: str) -> None:
    parts = decades(dtype)
    for pool, taken in (("voxels", parts), ("scans", repeated(parts, TIMES))):
        found = fitted(Line("zscore", over="dataset", pool=pool), parts)
        wide = pooled(taken)
        assert found.numbers == pytest.approx({"mean": wide.mean(), "std": wide.std()}, rel=1e-12)
        assert (found.scans, found.voxels) == (3, sum(SIZES))


def test_three_ways_to_pool_two_scans_worked_out_by_hand() -> None:
    """Of 4 + 8 voxels; 30 percent of them, of the mixture, and the mean of what each scan says alone."""
    parts = [FEW, MANY]
    alone = [percentile(30.0, [part], "voxels") for part in parts]
    assert alone == [0, 40]
    assert np.mean(alone) == 20
    assert percentile(30.0, parts, "voxels") == 40  # the fourth of twelve: 0 0 0 40
    assert percentile(30.0, parts, "scans") == 0  # 3/8 of the mixture are 0
    by_voxels = fitted(Line("zscore", over="dataset"), parts).numbers
    by_scans = fitted(Line("zscore", over="dataset", pool="scans"), parts).numbers
    assert by_voxels["mean"] == float(Fraction(490, 12))
    assert by_scans == {"mean": 36.25, "std": (2412.5 - 36.25**2) ** 0.5}


def test_each_part_of_a_scan_is_weighed_by_its_own_voxels() -> None:
    """With half of one channel padded: its few voxels weigh as much as the many of the other scan."""
    data = np.stack([FEW, FEW + 10])[:, None]
    valid = np.ones(data.shape, bool)
    valid[1, 0, 1:3] = False
    scans = [Scan(data, "CYX", valid=valid), Scan(np.stack([MANY, MANY])[:, None], "CYX")]
    found = fit(Recipe((Line("zscore", over="dataset", per="channel", pool="scans"),)), scans).lines[0].fitted
    assert found is not None
    assert found.numbers["mean"] == (36.25, (55 + 50) / 2)


@pytest.mark.parametrize("step", [step for step in STEPS.values() if "pool" in step.population], ids=lambda s: s.name)
def test_in_every_step_a_small_scan_weighs_what_ten_of_its_kind_have_as_voxels(step: Step) -> None:
    rng = np.random.default_rng(2)
    parts = [rng.lognormal(mean, 0.5, n) for mean, n in ((3, 400), (4, 4000))]
    scans = [Scan(part.astype(np.float32).reshape(20, -1), "YX") for part in parts]
    params = {"reference": "percentile"} if step.name == "decibel" else {}
    lines = [Line(step.name, params, over="dataset", pool=pool) for pool in ("scans", "voxels")]
    by_scans, by_voxels = (fit(Recipe((line,)), scans) for line in lines)
    by_tens = fit(Recipe((lines[1],)), [scans[0]] * 10 + [scans[1]])
    weighed, pooled_voxels, tens = (numbers_of(recipe) for recipe in (by_scans, by_voxels, by_tens))
    # Kernels are narrower with more voxels, and there is less between two percentiles with more repetitions.
    near = 0.15 if step.name in ("background_scale", "white_stripe") else 0.02
    assert {name: pytest.approx(values, rel=near, abs=0.003) for name, values in tens.items()} == weighed
    assert {name: pytest.approx(values, rel=near, abs=0.003) for name, values in pooled_voxels.items()} != weighed
    assert fit(Recipe((lines[0],)), scans[::-1]) == by_scans


def test_what_is_measured_on_the_scan_at_hand_has_no_weights() -> None:
    by_scans, by_voxels = (
        fit(Recipe((Line("match_histogram", over="dataset", pool=pool),)), [scan(FEW)]).lines[0]
        for pool in ("scans", "voxels")
    )
    own, other = (measured(line, scan(MANY)).arrays for line in (by_scans, by_voxels))
    assert own["own_values"] == other["own_values"]
    assert own["reference_values"] != other["reference_values"]


@pytest.mark.parametrize("voxels", [1, 3, 12, 10**9 + 7, 2**41, 2**45])
def test_a_weight_is_a_share_of_the_scan_rounded(voxels: int) -> None:
    weight = weight_of(voxels, "scans")
    assert weight == max(round(Fraction(2**40, voxels) + Fraction(1, 10**15)), 1)
    assert abs(Fraction(weight * voxels, 2**40) - 1) <= max(Fraction(voxels, 2**41), Fraction(voxels, 2**40) - 1)
    assert weight_of(voxels, "voxels") == 1


def test_the_word_is_written_only_where_it_says_scans() -> None:
    """So recipes from before there was the word keep their text and their digests."""
    for line in (Line("zscore", over="dataset"), Line("zscore", over="dataset", pool="voxels"), Line("zscore")):
        assert "pool" not in line.plain()
        assert line.pool == "voxels"
    recipe = Recipe((Line("zscore", over="dataset", pool="scans"),))
    assert "  over: dataset\n  pool: scans\n  per: all\n" in recipe.to_yaml()
    assert Recipe.from_yaml(recipe.to_yaml()) == recipe
    assert recipe.digest != Recipe((Line("zscore", over="dataset"),)).digest


@pytest.mark.parametrize(
    ("step", "words", "complaint"),
    [
        ("zscore", {"pool": "scans"}, "zscore pool: scans weighs .* over: image has one; say over: dataset"),
        ("zscore", {"over": "dataset", "pool": "cases"}, "zscore pool must be one of voxels, scans, got 'cases'"),
        ("nyul", {"pool": "scans"}, "nyul has no pool"),
        ("clip", {"pool": "scans"}, "clip measures nothing, so it has no pool"),
    ],
)
def test_where_it_has_no_meaning_it_is_refused(step: str, words: dict[str, str], complaint: str) -> None:
    with pytest.raises(RecipeError, match=complaint):
        Line(step, **words)


def test_steps_in_which_each_scan_has_one_voice_do_not_ask() -> None:
    without = {name for name, step in STEPS.items() if step.measure and "pool" not in step.population}
    assert without == {"minmax", "nyul", "standardize_map", "flat_field"}
