"""The claims of "The label in the corner": what is read, what a crop does about it, and what a scale does."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from prep_core.lessons import LESSONS, Shown
from prep_core.lessons.corner_label.cases import MARK, as_scan, from_hospitals, marked, patients
from prep_core.lessons.corner_label.pooled_filters import pooled, responses, taught
from prep_core.lessons.corner_label.trials import Scale, cut_lines, scale_lines, trial
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["corner-label"]


@pytest.fixture(scope="module")
def base() -> np.ndarray:
    """A body between air, with a ramp inside."""
    picture = np.zeros((60, 64))
    picture[14:56, 12:58] = np.linspace(0.4, 0.8, 46)
    return picture


@pytest.fixture(scope="module")
def usual() -> Shown:
    return LESSON.shown()


@pytest.fixture(scope="module")
def default(usual: Shown) -> dict[str, float]:
    return dict(usual.numbers)


def test_it_reads_the_mark_until_the_body_is_masked(default: dict[str, float]) -> None:
    assert default["mark_inside_before"] == 1
    assert default["mark_elsewhere_before"] == 0.5
    assert default["corner_before"] > 0.5 > 20 * default["area"]
    assert default["mark_elsewhere_after"] > 0.9
    assert default["corner_after"] < 0.02


def test_breaking_it_keeps_the_mark_and_the_scale() -> None:
    shown = LESSON.shown(**LESSON.breaks)
    for name in ("mark", "hospital"):
        assert shown.numbers[f"{name}_inside_after"] == 1
        assert shown.numbers[f"{name}_elsewhere_after"] == 0.5
    assert "still does not look at the patient" in shown.happened[2]
    assert shown.about_recipe == "", "no line of its recipe speaks of HU"


@pytest.mark.parametrize(("scale", "gain"), [("zscore", 1.5), ("nyul", 0.7), ("match_histogram", 1.3)])
def test_a_common_scale_removes_the_hospital(scale: Scale, gain: float, base: np.ndarray) -> None:
    drawn = enumerate(((24, 1.0), (20, 1.0), (20, 0.5)))
    sets = [from_hospitals(patients(base, count, share, seed), gain) for seed, (count, share) in drawn]
    assert trial(sets, ()).elsewhere == 0.5
    assert trial(sets, scale_lines(scale)).elsewhere >= 0.8


def test_where_nothing_is_tied_it_looks_at_the_patient(base: np.ndarray) -> None:
    sets = [marked(patients(base, 24, 0.5, seed)) for seed in range(3)]
    assert trial(sets, ()).elsewhere > 0.9


def test_the_map_adds_up_to_the_score_that_scikit_learn_gives(base: np.ndarray) -> None:
    cases = marked(patients(base, 20, 1.0, 5))
    reader = taught(cases.pictures, cases.ill)
    features = responses(cases.pictures).mean(axis=(2, 3)).T
    spread = np.maximum(features.std(axis=0), 1e-5)
    model = LogisticRegression(C=10.0).fit((features - features.mean(axis=0)) / spread, cases.ill)
    theirs = model.decision_function((features - features.mean(axis=0)) / spread)
    np.testing.assert_allclose(reader.scores(cases.pictures), theirs, rtol=1e-6)
    for picture, score in zip(cases.pictures[:3], theirs, strict=False):
        assert reader.activation(picture).mean() + reader.intercept == pytest.approx(score, abs=2e-3)


def test_filters_answer_to_what_they_are_called() -> None:
    flat, spot = np.full((1, 40, 40), 3.0), np.zeros((1, 40, 40))
    spot[0, 20, 20] = 1
    assert pooled(flat)[0] == pytest.approx([3, 0, 0, 0, 0], abs=1e-9)
    _, _, fine, coarse, _ = responses(spot)[:, 0]
    for found, sigma in ((fine, 1), (coarse, 2)):
        assert found[20, 20] == pytest.approx(1 / (np.pi * sigma**2), rel=0.4 / sigma)
    assert responses(-spot)[4, 0, 20, 20] == pytest.approx(1 / (4 * np.pi), rel=0.2)


def test_a_share_of_each_group_is_tagged(base: np.ndarray) -> None:
    cases = patients(base, 40, 0.9, 0)
    assert (cases.ill.sum(), cases.tagged[cases.ill].sum(), cases.tagged[~cases.ill].sum()) == (20, 18, 2)
    with_mark, brighter = marked(cases), from_hospitals(cases, 1.5)
    changed = np.any(with_mark.pictures != cases.pictures, axis=0)
    changed[MARK] = False
    assert not changed.any()
    np.testing.assert_array_equal(brighter.pictures[cases.tagged], 1.5 * cases.pictures[cases.tagged])
    np.testing.assert_array_equal(brighter.pictures[~cases.tagged], cases.pictures[~cases.tagged])


def test_only_the_mask_takes_the_mark_off_and_a_crop_moves_what_is_marked(base: np.ndarray) -> None:
    sets = [marked(patients(base, 12, 1.0, seed)) for seed in range(3)]
    one = as_scan(sets[0].pictures[0])
    with_arms = sets[0].pictures[0].copy()
    with_arms[2:20, 30:38] = with_arms[30:38, 2:20] = 0.5
    for picture in (one, as_scan(with_arms)):
        assert apply(Recipe(cut_lines("mask the body", base.shape)), picture).data.max() < 1.4
    assert apply(Recipe(cut_lines("crop to foreground", base.shape)), one).data.max() == 1.5
    moved = trial(sets, cut_lines("crop to foreground", base.shape)).moved
    ill = sets[0].ill
    assert not set(map(tuple, moved[ill])) & set(map(tuple, moved[~ill]))


def test_the_claim_holds_on_a_real_head_too() -> None:
    numbers = LESSON.shown(load_sample("mr_brain_bias")).numbers
    assert numbers["mark_elsewhere_before"] == numbers["hospital_elsewhere_before"] == 0.5
    assert min(numbers["mark_elsewhere_after"], numbers["hospital_elsewhere_after"]) > 0.8


def test_a_reader_of_its_recipe_is_told_that_the_threshold_is_no_hu(usual: Shown) -> None:
    assert "is no HU but a share" in usual.about_recipe
    assert usual.about_recipe in usual.happened[2]


def test_the_claim_holds_on_a_real_ct_and_its_recipe_runs_there() -> None:
    ct = load_sample("ct_chest")
    shown = LESSON.shown(ct)
    assert shown.numbers["mark_elsewhere_before"] == 0.5
    assert shown.numbers["mark_elsewhere_after"] > 0.8
    assert shown.recipe is not None
    plane = ct.take({"Z": ct.size("Z") // 2})
    result = apply(shown.recipe, plane)
    assert result.data.size < plane.data.size
    assert np.isfinite(result.data[result.valid]).all()


def test_an_own_scan_is_taken_at_its_middle_plane_with_padding_black() -> None:
    stack = np.zeros((3, 48, 40), np.uint16)
    stack[1, 12:44, 10:36] = np.arange(26) * 20 + 200
    valid = np.ones(stack.shape, bool)
    valid[:, :, 36:] = False
    first = LESSON.shown(Scan(stack, "ZYX", valid=valid)).pictures[0][0].image
    assert first.shape == (48, 40)
    assert np.abs(first[:, 36:]).max() < 0.1


def test_what_a_classifier_cannot_see_is_refused() -> None:
    speck = np.zeros((60, 60), np.float32)
    speck[30, 30] = 1
    with pytest.raises(ValueError, match="99 % of its middle plane is 0, so a classifier sees nothing"):
        LESSON.shown(Scan(speck, "YX"))
    with pytest.raises(ValueError, match="at least 32 x 32 pixels"):
        LESSON.shown(Scan(np.eye(20, dtype=np.float32), "YX"))
