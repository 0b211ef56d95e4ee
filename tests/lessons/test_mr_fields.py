"""The claims of "MR has none": fields against the truth, and white matter on several scales."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from prep_core.lessons import LESSONS, Shown
from prep_core.lessons.mr_fields.brain_scans import healthy, other_scanner, small_brain, t2_weighted, training_heads
from prep_core.lessons.mr_fields.corrected import SMALL, shrunk
from prep_core.lessons.mr_fields.scales import scaled
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples import load_sample
from prep_core.samples.brain import brain_phantom
from prep_core.scan import Scan, voxel_affine

LESSON = LESSONS["mr-fields"]
METHODS = ("n4", "gaussian", "homomorphic", "polynomial")


@cache
def shown_of(**controls: float | str) -> Shown:
    """Of the simulated heads."""
    return LESSON.shown(**controls)


def numbers_of(**controls: float | str) -> Mapping[str, float]:
    return shown_of(**controls).numbers


def spread_over_distance(a: np.ndarray, b: np.ndarray) -> float:
    return float((a.std() + b.std()) / abs(a.mean() - b.mean()))


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_the_figures_before_are_those_of_numpy_and_scikit_image(strength: float) -> None:
    brain, numbers = small_brain(strength), numbers_of(strength=strength) if strength < 1 else numbers_of()
    data = brain.scan.data.astype(np.float64)
    assert numbers["cjv_none"] == pytest.approx(spread_over_distance(data[brain.white], data[brain.grey]))
    tissue = brain.field[brain.white | brain.grey]
    assert numbers["true_spread"] == pytest.approx(np.divide(*np.percentile(tissue, (98, 2))), rel=1e-6)


def test_n4_is_nearest_and_a_polynomial_without_a_mask_is_worse_than_nothing() -> None:
    numbers = numbers_of()
    psnr = {method: numbers[f"psnr_{method}"] for method in METHODS}
    assert max(psnr, key=psnr.__getitem__) == "n4"
    assert psnr["polynomial"] < numbers["psnr_none"] < psnr["gaussian"]
    assert "Worse than nothing: polynomial" in shown_of().happened[1]


def test_a_polynomial_is_right_inside_one_tissue_alone() -> None:
    brain = small_brain(1.0)
    both = brain.white | brain.grey
    truth = brain.truth[both].astype(np.float64)

    def nearness(data: np.ndarray) -> float:
        values = data[both].astype(np.float64)
        return float(peak_signal_noise_ratio(truth, values * np.median(truth / values), data_range=500))

    recipe = Recipe((Line("polynomial_field", {"order": 2}, inside="mask"),))
    inside = {
        name: apply(recipe, replace(brain.scan, mask=m)).data for name, m in (("both", both), ("one", brain.white))
    }
    before = nearness(brain.scan.data)
    assert nearness(inside["both"]) < before < nearness(inside["one"]) - 3


def test_without_a_field_every_method_does_harm() -> None:
    numbers = numbers_of(strength=0.0)
    assert numbers["true_spread"] == pytest.approx(1, abs=1e-6)
    assert all(numbers[f"psnr_{method}"] < numbers["psnr_none"] for method in METHODS)


def test_a_narrow_gaussian_takes_the_brain_for_the_field() -> None:
    numbers = numbers_of(**LESSON.breaks)
    assert numbers["cjv_gaussian"] > numbers["cjv_none"] > 2 * numbers_of()["cjv_n4"]
    assert numbers["psnr_gaussian"] < numbers["psnr_none"]


def test_a_lesion_moves_the_z_score_and_hardly_the_stripe() -> None:
    """The z-score worked out with NumPy."""
    lesion = 30.0
    scales = scaled(lesion)
    heads = healthy(), other_scanner(lesion)
    means = []
    for head in heads:
        data = head.scan.data.astype(np.float64)
        inside = data[apply(Recipe((Line("foreground_mask"),)), head.scan).mask]
        means.append([(data[region].mean() - inside.mean()) / inside.std() for region in (head.white, head.grey)])
    (white, grey), (moved, _) = means
    assert scales["z-score"].moved == pytest.approx((moved - white) / (white - grey), abs=1e-3)
    assert scales["z-score"].moved < -0.1
    assert abs(scales["white stripe"].moved) < 0.02
    assert abs(scales["nyul"].moved) < 0.02


def test_a_lesion_as_large_as_a_lobe_moves_the_stripe_too() -> None:
    assert abs(numbers_of(**LESSON.breaks)["moved_white stripe"]) > 1
    assert numbers_of()["moved_z-score"] == scaled(20.0)["z-score"].moved
    assert abs(scaled(0.0)["z-score"].moved) < 0.01, "a gain alone moves nothing"


def test_no_scale_turns_one_contrast_into_another() -> None:
    numbers = numbers_of()
    assert numbers["moved_none"] == pytest.approx(500 * 2.2 / 220, rel=0.01)
    assert numbers["turned_none"] == pytest.approx((220 - 320) / (500 - 280), rel=0.01)
    assert all(numbers[f"turned_{name}"] < 0 for name in ("z-score", "white stripe", "nyul"))
    assert abs(numbers["off_zero_white stripe"]) < 0.15 < 0.5 < abs(numbers["off_zero_z-score"])


def test_the_simulated_heads_are_what_is_said_of_them() -> None:
    head, other, t2 = healthy(), other_scanner(20.0), t2_weighted()
    assert np.median(head.scan.data[head.white]) == pytest.approx(500, rel=0.01)
    assert np.median(other.scan.data[other.grey]) == pytest.approx(3.2 * 280, rel=0.01)
    lesion = head.white & ~other.white
    assert np.median(other.scan.data[lesion]) == pytest.approx(3.2 * 900, rel=0.01)
    assert np.median(t2.scan.data[t2.white]) < np.median(t2.scan.data[t2.grey])
    assert len({scan.data.tobytes() for scan in training_heads()}) == 4


def test_in_the_real_head_smoothing_has_the_lower_cjv_and_fewer_levels_a_smoother_field() -> None:
    numbers = LESSON.shown(load_sample("mr_brain_bias")).numbers
    assert numbers["cjv_gaussian"] < numbers["cjv_n4"] < numbers["cjv_none"]
    assert not any(name.startswith(("psnr", "moved")) for name in numbers)
    scan = shrunk(load_sample("mr_brain_bias"), SMALL)
    inside = apply(Recipe((Line("foreground_mask"),)), scan).mask
    even = apply(Recipe((Line("n4", {"levels": 2}),)), scan).data[inside]
    assert np.divide(*np.percentile(scan.data[inside] / even, (98, 2))) < 0.8 * numbers["spread_n4"]


def test_a_finer_grid_is_corrected_with_progress() -> None:
    brain = brain_phantom(shape=(3, 40, 100), spacing=4.0)
    told: list[float] = []
    trained = LESSON.train(brain.scan, lambda share, words: told.append(share), **LESSON.parse({}))
    assert trained.pictures[0][1].image.shape == (40, 100), "at once it is at most 64 wide"
    assert LESSON.shown(brain.scan).pictures[0][1].image.shape == (40, 50)
    assert len(told) > 20
    assert told == sorted(told)


def test_an_own_scan_with_time_and_padding_works() -> None:
    brain = small_brain(1.0)
    film = np.stack([brain.scan.data, 2 * brain.scan.data])[:, None]
    valid = np.ones(film.shape, bool)
    valid[..., :4] = False
    data = np.where(valid, film, np.nan)
    shown = LESSON.shown(Scan(data, "TCZYX", voxel_affine((5.0,) * 3), True, valid=valid), method="homomorphic")
    (row,) = shown.pictures
    assert row[0].image.shape == brain.scan.data.shape[1:]
    assert all(np.isnan(picture.image[:, :4]).all() for picture in row)
    assert np.isnan(row[1].image[0, 4:]).all(), "a field is drawn where there is tissue, and not in air"
    assert np.nanmean(row[2].image) == pytest.approx(np.nanmean(row[0].image), rel=0.1)
    line = Line("lowpass_field", {"method": "homomorphic", "sigma": 30.0}, inside="foreground")
    assert shown.recipe is not None
    assert shown.recipe.lines[0] == line


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (Scan(np.ones((20, 20, 20)), "ZYX"), "voxel size is unknown; say it on Inspect"),
        (Scan(np.ones((20, 20, 20)) * 1j, "ZYX", spacing_known=True), "complex"),
        (Scan(np.ones((20, 5, 20)), "ZYX", spacing_known=True), "8 x 8 voxels"),
        (Scan(np.full((9, 20, 20), np.nan), "ZYX", spacing_known=True), "not all padding"),
        (
            Scan(np.ones((9, 20, 20)), "ZYX", spacing_known=True),
            "the scan is constant",
        ),
    ],
)
def test_what_has_no_field_is_refused(scan: Scan, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        LESSON.shown(scan)
