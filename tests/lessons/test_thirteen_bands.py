"""The claims of "Thirteen bands": what scaling keeps of the relations of bands, and what it does not."""

from fractions import Fraction

import numpy as np
import pytest

from prep_core.lessons import LESSONS
from prep_core.lessons.thirteen_bands.scene import BANDS, simulated_scene
from prep_core.samples import load_sample
from prep_core.scan import Scan

LESSON = LESSONS["thirteen-bands"]
RED, NIR = BANDS.index("B04"), BANDS.index("B08")


def clipped(bands: np.ndarray, cut: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each band limited to its percentiles, and these."""
    low, high = np.percentile(bands, (cut, 100 - cut), axis=(1, 2), keepdims=True)
    return np.clip(bands, low, high), low, high


def scaled(bands: np.ndarray, scaling: str, cut: float) -> np.ndarray:
    if scaling == "one range":
        low, high = np.percentile(bands, (cut, 100 - cut))
        return np.clip((bands - low) / (high - low), 0, 1)
    limited, low, high = clipped(bands, cut)
    if scaling == "each band":
        return (limited - low) / (high - low)
    return (limited - limited.mean(axis=(1, 2), keepdims=True)) / limited.std(axis=(1, 2), keepdims=True)


def ndvi(red: np.ndarray, nir: np.ndarray) -> np.ndarray:
    total = np.where(red + nir == 0, np.nan, red + nir)
    return (nir - red) / total


SETTINGS = [("each band", 2.0), ("each band", 0.0), ("z-score", 0.0), ("z-score", 5.0), ("one range", 2.0)]


@pytest.mark.parametrize(("scaling", "cut"), SETTINGS)
def test_what_scaling_does_to_ndvi_is_what_numpy_says(scaling: str, cut: float) -> None:
    numbers = LESSON.shown(scaling=scaling, cut=cut).numbers
    bands = simulated_scene(0.02).data.astype(np.float64)
    after = scaled(bands, scaling, cut)
    old, new = ndvi(bands[RED], bands[NIR]), ndvi(after[RED], after[NIR])
    both = np.isfinite(old) & np.isfinite(new)
    old, new = old[both], new[both]
    assert numbers["ndvi_change"] == pytest.approx(np.median(np.abs(new - old)), abs=2e-3)
    assert numbers["ndvi_crossed"] == pytest.approx(np.mean((old >= 0.3) != (new >= 0.3)), abs=2e-3)
    assert numbers["ndvi_beyond"] == pytest.approx(np.mean(np.abs(new) > 1), abs=2e-3)
    assert numbers["ndvi_change"] > 0.003
    assert numbers["ndvi_fixed"] < 1e-6


@pytest.mark.parametrize(("scaling", "cut"), SETTINGS)
def test_a_straight_line_keeps_every_correlation_and_a_cut_does_not(scaling: str, cut: float) -> None:
    numbers = LESSON.shown(scaling=scaling, cut=cut).numbers
    bands = simulated_scene(0.02).data.astype(np.float64)
    before = np.corrcoef(bands.reshape(13, -1))
    after = np.corrcoef(scaled(bands, scaling, cut).reshape(13, -1))
    assert numbers["correlation_change"] == pytest.approx(np.abs(after - before).max(), abs=2e-3)
    assert numbers["correlation_change_uncut"] < 1e-4
    assert (numbers["correlation_change"] > 0.01) == (cut > 0)


@pytest.mark.parametrize("cloudy", [0.0, 5.0])
def test_photographs_are_brighter_than_the_ground(cloudy: float) -> None:
    numbers = LESSON.shown(cloudy=cloudy).numbers
    bands = simulated_scene(cloudy / 100).data.astype(np.float64) / 10_000
    for letter, band, mean, std in (("r", 3, 0.485, 0.229), ("g", 2, 0.456, 0.224), ("b", 1, 0.406, 0.225)):
        result = (bands[band] - mean) / std
        assert numbers[f"imagenet_mean_{letter}"] == pytest.approx(result.mean(), abs=1e-4)
        assert numbers[f"imagenet_std_{letter}"] == pytest.approx(result.std(), abs=1e-4)
        assert result.mean() < -1


def test_a_factor_cancels_out_and_an_offset_does_not() -> None:
    """Two pixels by hand: red 1/10 and nir 4/10, on a scale of its own for each band, and on one."""
    red, nir = Fraction(1, 10), Fraction(4, 10)
    assert (nir - red) / (nir + red) == (7 * nir - 7 * red) / (7 * nir + 7 * red) == Fraction(3, 5)
    data = np.array([[[1000, 2000]], [[1000, 500]], [[1000, 500]], [[4000, 1000]]], np.uint16).repeat(8, axis=1)
    shown = LESSON.shown(Scan(data, "CYX", channels=("red", "green", "blue", "nir")), cut=0.0)
    np.testing.assert_allclose(shown.pictures[0][2].image[0], [0.6, -1 / 3], atol=1e-6)
    # Each band from 0 to 1: red is 0 and 1, nir is 1 and 0.
    np.testing.assert_allclose(shown.pictures[0][3].image[0], [1, -1], atol=1e-6)
    assert shown.numbers["ndvi_change"] == pytest.approx((0.4 + 2 / 3) / 2, abs=1e-6)


def test_breaking_it_leaves_no_ndvi() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["ndvi_beyond"] > 0.3
    assert numbers["ndvi_crossed"] > 0.3
    assert numbers["correlation_change"] < 1e-4, "every correlation is kept, and NDVI is lost"


def test_on_the_real_scene_too() -> None:
    bands = load_sample("satellite_sentinel2")
    each, score = (LESSON.shown(bands, scaling=scaling).numbers for scaling in ("each band", "z-score"))
    assert each["ndvi_crossed"] > 0.2
    assert score["ndvi_beyond"] > 0.5
    assert each["ndvi_fixed"] < 1e-6
    assert all(each[f"imagenet_mean_{colour}"] < -1 for colour in "rgb"), "most ground is darker than a photograph"
    thin = bands.data[:, ::2, ::2].astype(np.float64)
    old = ndvi(thin[2], thin[3])
    assert LESSON.shown(bands, cut=0.0).numbers["plants_before"] == pytest.approx(np.mean(old >= 0.3), abs=1e-3)


def test_an_own_scan_may_have_time_depth_and_padding() -> None:
    rng = np.random.default_rng(0)
    data = rng.integers(100, 4000, (2, 4, 3, 20, 22)).astype(np.int32)
    valid = np.ones(data.shape, bool)
    data[..., :6], valid[..., :6] = -9999, False
    shown = LESSON.shown(Scan(data, "TCZYX", valid=valid, channels=("B02", "B03", "B04", "B08")))
    assert np.isnan(shown.pictures[0][2].image[:, :6]).all()
    values = data[1, 2, 1, :, 6:].astype(np.float64)
    row = shown.tables[0].rows[2]
    assert row[:3] == ("B04", pytest.approx(values.mean()), pytest.approx(values.std()))


NAMED = {"channels": ("red", "green", "blue", "nir")}


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.ones((8, 8), np.float32), "YX"), "needs 2 to 16 channels, this has 1"),
        (Scan(np.ones((20, 8, 8), np.float32), "CYX"), "needs 2 to 16 channels, this has 20"),
        (Scan(np.ones((4, 8, 8), np.float32), "CYX"), "must be called red, green, blue and nir.* got no names"),
        (Scan(np.ones((4, 8, 8), np.complex64), "CYX", **NAMED), "needs real values"),
        (Scan(np.full((4, 8, 8), np.nan, np.float32), "CYX", **NAMED), "no pixel of its middle plane is valid"),
        (Scan(np.ones((4, 8, 8), np.float32), "CYX", **NAMED), "nothing to scale"),
    ],
)
def test_what_it_cannot_use_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)
