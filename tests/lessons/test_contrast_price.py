"""The claims of "Contrast has a price": CLAHE raises noise with the lesion, and a faint rim is no edge to a filter."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage.exposure import equalize_adapthist
from skimage.metrics import peak_signal_noise_ratio

from prep_core.lessons import LESSONS
from prep_core.lessons.contrast_price.equal_noise import filters
from prep_core.lessons.contrast_price.faint_lesion import noise_left, planted, unit_plane
from prep_core.lessons.contrast_price.show import SCALE, TILE
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["contrast-price"]


@cache
def of(**controls: float) -> Mapping[str, float]:
    """The lesson's numbers; several tests look at the same."""
    return LESSON.shown(**controls).numbers


def disc(shape: tuple[int, ...], centre: tuple[int, int], least: float, most: float) -> np.ndarray:
    y, x = np.indices(shape)
    distance = np.hypot(y - centre[0], x - centre[1])
    return (distance > least) & (distance <= most)


def by_hand(diameter: float, contrast: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The simulated slice without and with the lesion, from 0 to 1, the lesion's core and the ring around it."""
    place = planted(unit_plane(None, SCALE), diameter, contrast)
    core = disc(place.core.shape, place.centre, -1, diameter / 2 - 1)
    ring = disc(place.core.shape, place.centre, diameter / 2 + 1, diameter / 2 + 7)
    return place.without.data, place.lesion.data, core, ring


@pytest.mark.parametrize(("clip_limit", "diameter"), [(0.005, 8.0), (0.1, 12.0)])
def test_what_clahe_does_to_lesion_and_noise_is_what_scikit_image_does(clip_limit: float, diameter: float) -> None:
    numbers = of(clip_limit=clip_limit, diameter=diameter)
    before, lesion, core, ring = by_hand(diameter, 2.0)
    raised, raised_lesion = (
        equalize_adapthist(np.clip(x, 0, 1), kernel_size=TILE, clip_limit=clip_limit, nbins=256)
        for x in (before, lesion)
    )
    gain = (raised - raised_lesion)[core].mean() / (before - lesion)[core].mean()
    noise = raised[ring].std() / before[ring].std()
    assert numbers["lesion_gain"] == pytest.approx(gain, rel=1e-3)
    assert numbers["noise_gain"] == pytest.approx(noise, rel=1e-3)
    assert numbers["cnr"] == pytest.approx(2, rel=1e-3)
    assert numbers["cnr_raised"] == pytest.approx(2 * gain / noise, rel=2e-3)
    assert numbers["cnr_raised"] < numbers["cnr"]


def test_more_clahe_raises_more_and_tells_less() -> None:
    weak, strong = of(clip_limit=0.005, diameter=8.0), of(clip_limit=0.1, diameter=12.0)
    for name in ("lesion_gain", "noise_gain", "one_value"):
        assert strong[name] > 2 * weak[name]
    (table,) = LESSON.shown().tables
    figures = {row[0]: row for row in table.rows}
    assert [row[0] for row in table.rows] == ["none", "0.005", "0.01", "0.02", "0.05", "0.1"]
    assert np.all(np.diff([row[6] for row in table.rows]) < 0), "SSIM falls from row to row"
    lesion = by_hand(8.0, 2.0)[1].astype(np.float64)
    truth = np.clip(lesion, 0, 1)
    raised = equalize_adapthist(truth, kernel_size=TILE, clip_limit=0.02)
    # The strip takes its range from the plane anew, which moves a thousandth of the pixels.
    assert figures["0.02"][5] == pytest.approx(peak_signal_noise_ratio(truth, raised, data_range=1), abs=0.05)


@pytest.mark.parametrize("sigma", [1.0, 2.0])
def test_what_a_blur_leaves_of_a_disc_is_what_scipy_leaves(sigma: float) -> None:
    numbers = of(sigma=sigma)
    before, lesion, core, ring = by_hand(8.0, 2.0)
    smooth, smooth_lesion = (gaussian_filter(x.astype(np.float64), sigma) for x in (before, lesion))
    assert numbers["lesion_gaussian"] == pytest.approx(
        (smooth - smooth_lesion)[core].mean() / (before - lesion)[core].mean(), rel=1e-3
    )
    assert numbers["noise_gaussian"] == pytest.approx(smooth[ring].std() / before[ring].std(), rel=1e-3)


def test_the_three_filters_leave_the_same_noise() -> None:
    for sigma in (1.0, 2.0):
        numbers = of(sigma=sigma)
        for name in ("bilateral", "tv"):
            assert numbers[f"noise_{name}"] == pytest.approx(numbers["noise_gaussian"], abs=0.02)
            assert numbers[f"borders_{name}"] > 1.3 * numbers["borders_gaussian"]


def test_a_bilateral_filter_keeps_a_strong_lesion_and_not_a_faint_one() -> None:
    faint, strong = of(contrast=1.0), of(contrast=8.0, sigma=2.0)
    assert faint["lesion_bilateral"] < faint["lesion_gaussian"] - 0.05
    assert strong["lesion_bilateral"] > strong["lesion_gaussian"] + 0.1
    assert strong["lesion_tv"] > strong["lesion_gaussian"] + 0.1


def bilateral_by_hand(image: np.ndarray, sigma_value: float, sigma_space: float) -> np.ndarray:
    """Sum w v / sum w over a square of 2.5 sigma, as Tomasi and Manduchi write it."""
    reach = int(np.ceil(2.5 * sigma_space))
    wide = np.pad(image.astype(np.float64), reach, mode="edge")
    total, weights = np.zeros(image.shape), np.zeros(image.shape)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            moved = wide[reach + dy : reach + dy + image.shape[0], reach + dx : reach + dx + image.shape[1]]
            weight = np.exp(-(dy**2 + dx**2) / 2 / sigma_space**2 - (moved - image) ** 2 / 2 / sigma_value**2)
            total, weights = total + weight * moved, weights + weight
    return total / weights


def test_what_the_bilateral_filter_leaves_is_what_its_formula_leaves() -> None:
    place = planted(unit_plane(None, SCALE), 8.0, 1.0)
    (line,) = filters(place, 1.5)["bilateral"].lines
    sigmas = line.params["sigma_value"], line.params["sigma_space"]
    without, lesion = (bilateral_by_hand(scan.data, *sigmas) for scan in (place.without, place.lesion))
    left = (without - lesion)[place.core].mean() / place.contrast
    assert of(contrast=1.0)["lesion_bilateral"] == pytest.approx(left, abs=0.01)


def test_breaking_it_drowns_and_smooths_the_lesion_away() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["noise_gain"] > 6
    assert all(numbers[f"lesion_{name}"] < 0.25 for name in ("gaussian", "bilateral", "tv"))


@pytest.mark.parametrize("name", ["us_phantom", "mr_brain_bias"])
def test_on_real_scans_the_contrast_to_noise_falls_too(name: str) -> None:
    numbers = LESSON.shown(load_sample(name)).numbers
    assert numbers["lesion_gain"] > 1.5
    assert numbers["cnr_raised"] < numbers["cnr"]


def test_on_a_real_ct_it_can_rise_and_the_words_say_so() -> None:
    shown = LESSON.shown(load_sample("ct_chest"), **LESSON.breaks)
    assert shown.numbers["cnr_raised"] > shown.numbers["cnr"]
    assert "It rises here" in " ".join(shown.happened)


def test_an_own_scan_may_have_depth_time_channels_and_padding() -> None:
    rng = np.random.default_rng(3)
    data = rng.normal(100, 5, (2, 2, 3, 80, 90)).astype(np.float32)
    data[..., 50:, :] -= 80
    valid = np.ones(data.shape, bool)
    data[..., :10, :], valid[..., :10, :] = -3000, False
    scan = Scan(data.astype(np.int16), "TCZYX", valid=valid)
    place = planted(unit_plane(scan, SCALE), 8.0, 2.0)
    assert 10 + 11 <= place.centre[0] < 50 - 11
    shown = LESSON.shown(scan)
    assert shown.pictures[0][0].image.shape == (80, 90)
    assert shown.numbers["cnr"] == pytest.approx(2, rel=0.01)
    assert noise_left(place, place.without) == pytest.approx(1)


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.arange(50 * 80, dtype=np.float32).reshape(50, 80), "YX"), "50 x 80 pixels, and this lesson needs 64"),
        (Scan(np.ones((80, 80), np.complex64), "YX"), "needs real values"),
        (Scan(np.ones((80, 80), np.float32), "YX"), "1 at every pixel"),
        (Scan(np.eye(80, dtype=np.float32), "YX"), "no place for a lesion"),
    ],
)
def test_what_it_cannot_use_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)
