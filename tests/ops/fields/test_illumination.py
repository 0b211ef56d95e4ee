"""Flat fields, standardising maps and uneven backgrounds: behaviour, errors, edges.  Oracles are in tests/oracles."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.fft import dctn

from prep_core.line import Line
from prep_core.ops.fields.basic_shading import WORKING_SIZE, basic_flat, shrunk, stretched
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit
from prep_core.scan import Scan, voxel_affine
from tests.ops.fields.shaded import DARK, shaded

ESTIMATES = ("mean", "median", "basic")
FEW = shaded(6)
every_estimate = pytest.mark.parametrize("estimate", ESTIMATES)


def movie(images: np.ndarray, valid: np.ndarray | bool = True) -> Scan:
    return Scan(images, "TYX", valid=np.broadcast_to(valid, images.shape) & np.isfinite(images))


def fitted(step: str, *scans: Scan, **params: object) -> Recipe:
    return fit(Recipe((Line(step, params),)), scans)


def measured(step: str, name: str, *scans: Scan, **params: object) -> np.ndarray:
    return fitted(step, *scans, **params).lines[0].fitted.arrays[name].data[0]


def after(step: str, scan: Scan, **params: object) -> np.ndarray:
    return apply(Recipe((Line(step, params),)), scan).data


def holed(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The images with a corner that is padding in all of them, and the mask of what is not."""
    valid = np.ones(images.shape[1:], bool)
    valid[:8, :8] = False
    return np.where(valid, images, np.float32(1e6)), valid


@every_estimate
def test_the_order_of_the_scans_changes_nothing(estimate: str) -> None:
    scans = [Scan(image, "YX") for image in FEW]
    first = measured("flat_field", "flat", *scans, estimate=estimate, dark=DARK)
    second = measured("flat_field", "flat", *scans[::-1], estimate=estimate, dark=DARK)
    tolerance = 1e-6 if estimate == "mean" else 0
    assert second == pytest.approx(first, rel=tolerance, abs=0)


@every_estimate
def test_frames_of_a_movie_are_images_like_scans(estimate: str) -> None:
    as_scans = fitted("flat_field", *(Scan(image, "YX") for image in FEW), estimate=estimate)
    as_movie = fitted("flat_field", movie(FEW), estimate=estimate)
    assert as_scans.lines[0].fitted.arrays == as_movie.lines[0].fitted.arrays
    one = apply(as_movie, movie(FEW)).take({"T": 2}).data[0]
    assert np.array_equal(one, apply(as_scans, Scan(FEW[2], "YX")).data)


@every_estimate
def test_padding_takes_no_part(estimate: str) -> None:
    images, valid = holed(FEW)
    recipe = fitted("flat_field", movie(images, valid), estimate=estimate, dark=DARK)
    flat = recipe.lines[0].fitted.arrays["flat"].data[0]
    whole = measured("flat_field", "flat", movie(FEW), estimate=estimate, dark=DARK)
    ratio = (flat / whole)[valid]
    assert ratio.std() < (0.01 if estimate == "basic" else 1e-6)
    assert np.isfinite(flat[~valid]).all() == (estimate == "basic")
    assert np.isfinite(apply(recipe, movie(images, valid)).data[:, valid]).all()


@every_estimate
def test_each_channel_keeps_its_brightness(estimate: str) -> None:
    both = Scan(np.stack([FEW, FEW * 3], axis=1), "TCYX")
    flat = measured("flat_field", "flat", both, estimate=estimate)
    assert flat.shape == (2, 96, 112)
    assert flat.mean((1, 2)) == pytest.approx(1, abs=1e-6)
    assert flat[0] == pytest.approx(flat[1], rel=1e-3)


def test_pixels_that_no_scan_measured_are_refused_or_kept() -> None:
    images, valid = holed(FEW)
    for step, params, wanted in (
        ("flat_field", {"dark": 10.0}, FEW[0, :8, :8] - 10),
        ("standardize_map", {}, np.zeros((8, 8))),
    ):
        strict = fitted(step, movie(images, valid), **params)
        with pytest.raises(StepError, match=f"{step} has no numbers for 384 voxels, which no training scan measured"):
            apply(strict, movie(FEW))
        assert np.array_equal(apply(strict, movie(images, valid)).data[:, ~valid], images[:, ~valid])
        neutral = apply(fitted(step, movie(images, valid), **params, unmeasured="neutral"), movie(FEW))
        assert np.array_equal(neutral.data[0, :8, :8], wanted)


@every_estimate
def test_a_dark_above_the_light_is_refused(estimate: str) -> None:
    with pytest.raises(StepError, match=r"flat_field .*lower dark"):
        fitted("flat_field", movie(FEW), estimate=estimate, dark=1000.0)


def test_single_pixels_without_light_are_counted() -> None:
    dead = FEW.copy()
    dead[:, 3, :5] = 0
    with pytest.raises(StepError, match="has no light in 5 of 10752 pixels; lower dark, or crop them"):
        fitted("flat_field", movie(dead), dark=DARK)


def test_more_images_than_memory_is_given_are_refused() -> None:
    plane = Scan(np.broadcast_to(np.float32(1), (600, 128, 128)), "TYX")
    with pytest.raises(StepError, match=r"at most 512 of 128 x 128 \(32 MiB\), and there are more; fit it on fewer"):
        fitted("flat_field", plane, estimate="basic")


@every_estimate
def test_scans_of_two_sizes_are_refused(estimate: str) -> None:
    with pytest.raises(StepError, match="images of 96 x 112 and of 96 x 111; bring them to one grid"):
        fitted("flat_field", Scan(FEW[0], "YX"), Scan(FEW[0, :, 1:], "YX"), estimate=estimate)


def test_basic_gives_a_flat_of_a_share_of_all_cosines() -> None:
    flat = basic_flat(FEW - DARK)
    assert np.count_nonzero(np.abs(dctn(flat, norm="ortho")) > 1e-9) < 0.3 * flat.size


def test_basic_is_not_moved_by_the_brightness_of_single_images() -> None:
    gains = np.array([1, 5, 0.2, 3, 1, 0.5], np.float32)[:, None, None]
    assert (basic_flat((FEW - DARK) * gains) / basic_flat(FEW - DARK)).std() < 0.03
    with pytest.raises(ValueError, match="brighter than dark"):
        basic_flat(np.stack([FEW[0], np.zeros_like(FEW[0])]))


@pytest.mark.parametrize("shape", [(300, 200), (128, 500), (100, 90), (1, 400)])
def test_shrunk_and_stretched_cover_the_same_area(shape: tuple[int, int]) -> None:
    ramp = np.add.outer(np.arange(shape[0]), 2.0 * np.arange(shape[1])).astype(np.float32)
    small = shrunk(ramp[None])
    assert small.shape == (1, min(shape[0], WORKING_SIZE), min(shape[1], WORKING_SIZE))
    assert small.mean() == pytest.approx(ramp.mean(), rel=1e-5)
    assert stretched(small[0].astype(np.float64), shape) == pytest.approx(ramp, abs=1e-3 * float(ramp.max()))


def test_shrunk_leaves_out_what_is_not_known() -> None:
    holes = np.full((256, 256), 5, np.float32)
    holes[::2] = np.nan
    holes[:64, :64] = np.nan
    small = shrunk(holes)
    assert np.isnan(small[:32, :32]).all()
    assert small[32:] == pytest.approx(5, abs=1e-5)


def test_a_pixel_that_never_changes_needs_a_floor() -> None:
    still = FEW.copy()
    still[:, 4, 4:7] = 50
    words = "nothing to divide by: 3 of 10752 pixels have one value in all training scans; .* set std_floor above 0"
    with pytest.raises(StepError, match=words):
        fitted("standardize_map", movie(still))
    floored = apply(fitted("standardize_map", movie(still), std_floor=2.0), movie(still + 1))
    assert (floored.data[:, 4, 4:7] == 0.5).all()


def test_one_training_scan_has_no_spread() -> None:
    with pytest.raises(StepError, match="10752 of 10752 pixels have one value in all training scans"):
        fitted("standardize_map", Scan(FEW[0], "YX"))


@pytest.mark.parametrize("method", ["gaussian", "rolling_ball", "tophat"])
def test_padding_never_reaches_the_background(method: str) -> None:
    images, valid = holed(FEW[:1])
    results = []
    for padding in (1e6, -1e6, np.nan, np.inf):
        scan = movie(np.where(valid, images, np.float32(padding)), valid)
        result = after("background_subtract", scan, method=method, radius=9.0, lengths_in="px")
        results.append(result[:, valid])
        assert np.array_equal(result[:, ~valid], scan.data[:, ~valid], equal_nan=True)
    assert np.isfinite(results[0]).all()
    assert all(np.array_equal(results[0], other) for other in results[1:])


@pytest.mark.parametrize("method", ["rolling_ball", "tophat"])
def test_padding_is_like_what_lies_beyond_the_border(method: str) -> None:
    valid = np.ones(FEW.shape[1:], bool)
    valid[:, :30] = False
    params = {"method": method, "radius": 12.0, "lengths_in": "px"}
    padded = after("background_subtract", movie(FEW[:1], valid), **params)
    assert np.array_equal(padded[0, :, 30:], after("background_subtract", Scan(FEW[0, :, 30:], "YX"), **params))


@pytest.mark.parametrize("method", ["gaussian", "rolling_ball", "tophat"])
def test_spots_stay_and_a_slope_goes(method: str) -> None:
    x = np.mgrid[:90, :100][1].astype(np.float32)
    scene = 20 + 0.2 * x
    scene[40:43, 50:53] += 30
    params = {"method": method, "radius": 15.0, "lengths_in": "px", "height": 15.0}
    result = after("background_subtract", Scan(scene, "YX"), **params)[20:70, 20:80]
    assert result[21, 31] > 25
    assert np.abs(np.delete(result, np.s_[10:34], axis=0)).max() < (0.5 if method == "rolling_ball" else 3.1)


def test_lengths_in_mm_follow_the_voxel_size() -> None:
    plane = Scan(FEW[0], "YX", voxel_affine((2.0, 0.5)), True)
    assert np.array_equal(
        after("background_subtract", plane, method="tophat", radius=6.0),
        after("background_subtract", replace(plane, data=FEW[0]), method="tophat", radius=6.0),
    )
    tall = Scan(np.kron(FEW[0, :40, :20], np.ones((1, 4), np.float32)), "YX", voxel_affine((2.0, 0.5)), True)
    square = Scan(FEW[0, :40, :20], "YX", voxel_affine((2.0, 2.0)), True)
    opened = after("background_subtract", square, method="tophat", radius=2.0)
    assert (after("background_subtract", tall, method="tophat", radius=2.0)[:, ::4] <= opened + 1e-4).all()


def test_radii_that_cannot_be_are_refused() -> None:
    plane = Scan(np.ones((2048, 2048), np.float32), "YX", voxel_affine((0.01, 0.01)), True)
    for params, words in (
        ({"method": "rolling_ball"}, "ball of 5000 x 5000 pixels, too large .* a radius of at most 64 pixels"),
        ({"method": "gaussian"}, "has a Gaussian of 5000 voxels"),
    ):
        with pytest.raises(StepError, match=f"line 1: background_subtract .*{words}"):
            after("background_subtract", plane, **params)
    coarse = replace(plane, affine=voxel_affine((5.0, 60.0)))
    with pytest.raises(StepError, match=r"has a radius of 0\.833 pixels, and a background is wider"):
        after("background_subtract", coarse, method="rolling_ball")
    with pytest.raises(StepError, match="the voxel size is unknown"):
        after("background_subtract", replace(plane, spacing_known=False))
