"""The claims of "Each case its own normalisation": what follows an exposure, and what a field of view moves."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from prep_core.lessons import LESSONS
from prep_core.lessons.each_case.exposures import Case, exposures, phantom
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["each-case"]


def tissue_means(cases: list[Case], pixels: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    dark = [values[case.dark].mean() for case, values in zip(cases, pixels, strict=True)]
    bright = [values[case.bright].mean() for case, values in zip(cases, pixels, strict=True)]
    return np.array(dark), np.array(bright)


@pytest.mark.parametrize(("exposure", "view", "sigmas"), [(6.0, 10.0, 5.0), (3.0, 40.0, 1.5), (1.0, 60.0, 5.0)])
def test_spread_and_swapped_pairs_are_those_of_numpy_and_scipy(exposure: float, view: float, sigmas: float) -> None:
    """The u statistic of Mann and Whitney counts the pairs in which one value is above the other."""
    cases = exposures(phantom(), exposure, view / 100, 0.0)
    pixels = [case.scan.data.astype(np.float64) for case in cases]
    together = np.concatenate([values.ravel() for values in pixels])
    own = [np.clip((values - values.mean()) / values.std(), -sigmas, sigmas) for values in pixels]
    one = [np.clip((values - together.mean()) / together.std(), -sigmas, sigmas) for values in pixels]
    numbers = LESSON.shown(exposure=exposure, view=view, sigmas=sigmas, noise=0.0).numbers
    for name, values in (("stored", pixels), ("own", own), ("one", one)):
        dark, bright = tissue_means(cases, values)
        assert numbers[f"spread_{name}"] == pytest.approx(bright.std() / (bright.mean() - dark.mean()), abs=1e-4)
        if len(set(np.round([*dark, *bright], 4))) == 2 * len(cases):
            pairs = mannwhitneyu(dark, bright).statistic / len(cases) ** 2
            assert numbers[f"swapped_{name}"] == pytest.approx(pairs, abs=1e-9)


def test_an_exposure_cancels_in_numbers_of_its_own_and_stays_in_those_of_all() -> None:
    numbers = LESSON.shown(exposure=16.0, view=0.0, noise=0.0).numbers
    assert numbers["spread_own"] == pytest.approx(0, abs=1e-5)
    assert numbers["stored_most"] / numbers["stored_least"] == pytest.approx(16, rel=1e-5)
    assert numbers["spread_one"] == pytest.approx(numbers["spread_stored"], rel=1e-3)


def test_a_field_of_view_moves_numbers_of_its_own() -> None:
    shown = LESSON.shown(**LESSON.breaks)
    assert shown.numbers["spread_one"] < 0.01
    assert shown.numbers["spread_own"] > 0.5
    assert shown.numbers["swapped_own"] > 0
    assert "one reference is better" in shown.happened[3]


def test_the_noise_of_a_dim_case_grows() -> None:
    """By its own numbers noise is divided by s, which is as small as the exposure; one reference divides all alike."""
    numbers = LESSON.shown(exposure=9.0, view=0.0, noise=3.0).numbers
    values = phantom().scan.data
    spread = np.sqrt(values.var() / 9 + 4.8**2)
    assert numbers["noise_own_dimmest"] == pytest.approx(4.8 / spread, rel=0.05)
    assert numbers["noise_one_dimmest"] == pytest.approx(numbers["noise_one_brightest"], rel=0.05)
    assert numbers["noise_own_dimmest"] / numbers["noise_own_brightest"] == pytest.approx(9, rel=0.1)


@pytest.mark.parametrize(("name", "controls"), [("mr_brain_bias", {}), ("fluorescence_nuclei", {})])
def test_it_holds_on_real_scans(name: str, controls: dict[str, Any]) -> None:
    numbers = LESSON.shown(load_sample(name), **controls).numbers
    assert numbers["spread_own"] < 0.05 < 0.5 < numbers["spread_one"]


def stack() -> Scan:
    values = np.zeros((3, 60, 50), np.int16)
    values[1, 10:50, 10:40] = 100
    values[1, 20:40, 15:35] = 300
    values[1, :, 45:] = 30000
    valid = np.ones(values.shape, bool)
    valid[..., 45:] = False
    return Scan(values, "ZYX", valid=valid)


def test_an_own_scan_is_taken_at_its_middle_plane_without_its_padding() -> None:
    shown = LESSON.shown(stack(), view=0.0, noise=0.0, exposure=4.0)
    assert (shown.numbers["stored_least"], shown.numbers["stored_most"]) == pytest.approx((150, 600))
    assert shown.numbers["spread_own"] == pytest.approx(0, abs=1e-5)
    assert np.isnan(shown.pictures[0][0].image[:, 45:]).all()


def test_tissues_that_are_cut_off_to_one_value_are_refused() -> None:
    values = np.zeros((40, 40), np.float32)
    values[:2], values[2:4] = 100, 110
    with pytest.raises(ValueError, match=r"cut off at 0\.5 standard deviations .* cut off further out"):
        LESSON.shown(Scan(values, "YX"), sigmas=0.5, view=0.0, noise=0.0)


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.ones((20, 20), np.float32), "YX", unit="HU"), "values are in HU"),
        (Scan(np.ones((20, 20), np.complex64), "YX"), "values are complex"),
        (Scan(np.ones((20, 20), np.float32), "YX"), "fewer than three levels"),
    ],
)
def test_what_no_exposure_multiplies_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)


def test_a_tissue_that_too_few_fields_of_view_show_is_refused() -> None:
    values = np.random.default_rng(0).normal(0, 1, (100, 100)).astype(np.float32)
    values[:50] += 100
    values[:3, :3] = 300
    with pytest.raises(ValueError, match=r"its bright tissue is in \d of 36 fields of view, and 10 are needed"):
        LESSON.shown(Scan(values, "YX"), view=60.0, noise=0.0)
