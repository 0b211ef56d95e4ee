"""The claims of "Augmentations that lie": what three checks see, and what each is blind to."""

import numpy as np
import pytest
from scipy import ndimage, stats

from prep_core.lessons import LESSONS
from prep_core.lessons.augmentations.augmenting import displacement, elastic_field, folded, rotation_field
from prep_core.lessons.augmentations.checks import carried, checked
from prep_core.lessons.chests import radiograph
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["augmentations"]
BEFORE = "before the recipe"


@pytest.fixture(scope="module")
def rescaled() -> np.ndarray:
    """The chest after its recipe, without a step of ours."""
    stored = radiograph(2.0).data.astype(np.float64)
    low, high = np.percentile(stored, (0.5, 99.5))
    return np.clip((stored - low) / (high - low), 0, 1)


def test_a_flip_of_the_chest_swaps_the_halves_and_scipy_finds_the_same_signal(rescaled: np.ndarray) -> None:
    numbers = LESSON.shown().numbers
    middle = rescaled[:, :84], rescaled[:, 84:]
    y, x = np.indices(rescaled.shape) - np.array([71.5, 83.5]).reshape(2, 1, 1)
    disc = np.hypot(y, x) <= 36
    lean = (middle[1][disc[:, 84:]].mean() - middle[0][disc[:, :84]].mean()) / rescaled[disc].std()
    assert numbers["lean"] == pytest.approx(lean, rel=1e-3)
    assert numbers["lean"] > 0.3
    assert numbers["lean_flip"] == pytest.approx(-numbers["lean"], rel=1e-6)
    assert numbers["r_flip"] == pytest.approx(stats.pearsonr(rescaled.ravel(), rescaled[:, ::-1].ravel())[0], abs=1e-4)
    assert _says("flip") == "fails: halves"


def test_the_harmless_rotation_scores_less_than_the_lie(rescaled: np.ndarray) -> None:
    numbers = LESSON.shown().numbers
    turned = ndimage.rotate(rescaled, 10, reshape=False, order=1)
    ours = stats.pearsonr(rescaled.ravel(), turned.ravel())[0]
    assert numbers["r_rotation"] == pytest.approx(ours, abs=2e-3)
    assert numbers["r_rotation"] < numbers["r_flip"]


@pytest.mark.parametrize(("alpha", "sigma"), [(80.0, 8.0), (60.0, 10.0), (120.0, 12.0)])
def test_elastic_passes_with_less_signal_than_brightness(alpha: float, sigma: float) -> None:
    controls = {"elastic_alpha": alpha, "elastic_sigma": sigma}
    numbers = LESSON.shown(**controls).numbers
    assert _says("elastic", **controls) == "passes"
    assert numbers["r_elastic"] < numbers["r_brightness"] == pytest.approx(1, abs=1e-6)
    assert numbers["folded"] == 0


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_brightness_after_the_recipe_leaves_its_range_as_numpy_counts(rescaled: np.ndarray, share: float) -> None:
    numbers = LESSON.shown(brightness=share).numbers
    assert numbers["outside_brightness"] == pytest.approx(np.mean(rescaled + share > 1.0001), abs=2e-3)
    assert "range" in _says("brightness", brightness=share)


def test_a_recipe_that_measures_each_picture_undoes_brightness() -> None:
    shown = LESSON.shown(augment=BEFORE, brightness=0.8)
    assert shown.numbers["r_brightness"] == pytest.approx(1, abs=1e-6)
    assert np.abs(shown.pictures[1][1].image - shown.pictures[0][0].image).max() < 1e-3
    assert any("this augmentation does nothing" in words for words in shown.happened)


def test_a_recipe_with_fixed_limits_makes_a_bright_ct_one_white_area() -> None:
    ct = load_sample("ct_chest")
    shown = LESSON.shown(ct, augment=BEFORE, brightness=1.5)
    assert shown.numbers["alike_brightness"] == 1
    assert "constant" in _says("brightness", ct, augment=BEFORE, brightness=1.5)
    assert any("collapsed to a constant" in words for words in shown.happened)
    assert shown.numbers["lean_flip"] * shown.numbers["lean"] < 0


def test_on_a_real_chest_the_flip_fails_and_elastic_passes_with_less_correlation_than_brightness() -> None:
    ct = load_sample("ct_chest")
    numbers = LESSON.shown(ct).numbers
    assert "halves" in _says("flip", ct)
    assert _says("elastic", ct) == "passes"
    assert 0.8 < numbers["r_elastic"] < numbers["r_brightness"]


def test_breaking_it_folds_tissue_and_loses_the_signal() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["folded"] > 0.2
    assert numbers["r_elastic"] < 0.5
    assert "signal" in _says("elastic", **LESSON.breaks)


def test_fields_are_what_they_say() -> None:
    """A rotation moves a pixel by 2 sin(5 degrees) times its distance; a mirror folds everywhere."""
    places = np.indices((41, 61), dtype=np.float64)
    far = np.hypot(*(places - np.array([20, 30]).reshape(2, 1, 1)))
    assert displacement(rotation_field((41, 61))) == pytest.approx(2 * np.sin(np.radians(5)) * far)
    assert not folded(rotation_field((41, 61))).any()
    assert folded(np.stack([places[0], 60 - places[1]])).all()
    assert not displacement(elastic_field((20, 30), 0.0, 3.0)).any()


def test_equal_halves_are_said_to_tell_nothing() -> None:
    ramp = np.tile(np.arange(40, dtype=np.float32)[:, None], (1, 64))
    shown = LESSON.shown(Scan(ramp, "YX", modality="MR"))
    assert shown.numbers["lean"] == pytest.approx(0, abs=1e-6)
    assert "a flip passes unseen" in shown.happened[0]
    assert shown.numbers["failed_flip"] == 0


def test_an_own_scan_is_taken_at_its_middle_plane_without_its_padding() -> None:
    stack = np.zeros((3, 48, 40), np.int16)
    stack[1] = np.arange(48 * 40).reshape(48, 40) % 97
    stack[:, :, :6] = -2000
    shown = LESSON.shown(Scan(stack, "ZYX", valid=stack > -2000, modality="MR"))
    first = shown.pictures[0][0].image
    assert first.shape == (48, 40)
    assert np.isnan(first[:, :6]).all()
    assert np.isfinite(first[:, 6:]).all()
    flip = shown.pictures[0][2].image
    np.testing.assert_array_equal(flip, first[:, ::-1])


def test_a_recipe_that_stops_is_told_apart_from_one_that_goes_on() -> None:
    flat = Scan(np.full((40, 40), 5, np.float32), "YX")
    result, stopped = carried(Recipe((Line("zscore"),)), flat)
    assert "zscore" in stopped
    varied = Scan(np.arange(1600, dtype=np.float32).reshape(40, 40), "YX")
    found = checked(result, varied, stopped)
    assert (found.missing, found.r, found.lean) == (1, 0, 0)


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.ones((40, 40), np.complex64), "YX"), "needs real values"),
        (Scan(np.ones((40, 40), np.float32), "YX"), "has 1 at every pixel"),
        (Scan(np.eye(20, dtype=np.float32), "YX"), "at least 32 x 32 pixels, this has 20 x 20"),
        (Scan(np.eye(128, dtype=np.uint8), "YX"), "has no recipe to check against"),
    ],
)
def test_what_it_can_say_nothing_about_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)


def _says(name: str, scan: Scan | None = None, **controls: object) -> str:
    rows = {row[0]: row for row in LESSON.shown(scan, **controls).tables[0].rows}
    return str(rows[name][1])
