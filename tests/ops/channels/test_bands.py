"""Indices of two bands: which channels they are, and pixels without an answer."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.ops.channels.bands import band_index
from prep_core.recipe import Recipe
from prep_core.run import StepError, trace
from prep_core.samples import load_sample
from prep_core.scan import Scan
from tests.ops.grid.grids import scan_of
from tests.suited import result_of

SENTINEL_10M = ("B02", "B03", "B04", "B08")
SENTINEL_20M = ("B02", "B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12")
SENTINEL = tuple(f"B{i}" for i in range(1, 13))
LANDSAT_8_SURFACE = tuple(f"SR_B{i}" for i in range(1, 8))


def bands(names, **facts):
    """Each channel holds its number, counted from 1."""
    return scan_of(np.arange(1, len(names) + 1, dtype=np.uint16).reshape(-1, 1, 1), axes="CYX", channels=names, **facts)


@pytest.mark.parametrize(
    ("names", "nir", "red", "green"),
    [
        (SENTINEL_10M, "B08", "B04", "B03"),
        (SENTINEL_20M, "B8A", "B04", "B03"),
        (SENTINEL, "B8", "B4", "B3"),
        (("b8", "B4", "B3"), "b8", "B4", "B3"),
        (("B8A", "B8", "B4", "B3"), "B8", "B4", "B3"),
        (LANDSAT_8_SURFACE, "SR_B5", "SR_B4", "SR_B3"),
        ((*LANDSAT_8_SURFACE, "ST_B10", "QA_PIXEL"), "SR_B5", "SR_B4", "SR_B3"),
        (("Green", "RED", "nir"), "nir", "RED", "Green"),
        (("B", "G", "R", "Near-Infrared"), "Near-Infrared", "R", "G"),
        (("Band 3", "Band 4", "Band 8"), "Band 8", "Band 4", "Band 3"),
    ],
)
def test_bands_are_found_by_their_names(names, nir, red, green):
    scan = bands(names)
    value = {name: i + 1 for i, name in enumerate(names)}
    for index, a, b in (("ndvi", nir, red), ("ndwi", green, nir)):
        expected = (value[a] - value[b]) / (value[a] + value[b])
        assert band_index(scan, index=index).data.item() == pytest.approx(expected)
        assert band_index(scan, index="custom", a=a, b=b).data.item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (("B2", "B3", "B4", "B5"), "nir.*which fit Sentinel-2 and Landsat 8-9 and Landsat 4-7"),
        (tuple(f"B{i}" for i in range(1, 8)), "nir.*which fit Sentinel-2 and Landsat 8-9 and Landsat 4-7"),
        (("SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7"), "nir.*which fit Landsat 8-9 and Landsat 4-7"),
        (("B03", "B04"), "nir"),
        (("NIR", "nir", "red"), "nir"),
        (("R", "G", "B"), "nir"),
        (("B4", "SR_B4", "B8"), "nir"),
        ((), "nir: there are numbers 0 to 2, and no names"),
    ],
)
def test_names_that_do_not_say_it_are_refused(names, complaint):
    scan = bands(names or ("", "", ""))
    scan = scan if names else Scan(scan.data, "CYX")
    with pytest.raises(StepError, match=f"line 1: band_index cannot tell which channel is {complaint}.*name the bands"):
        result_of(Line("band_index"), scan)


def test_a_band_that_is_said_goes_before_one_that_is_found():
    scan = bands(("B2", "B3", "B4", "B5"))
    assert band_index(scan, a="B5", b="2").data.item() == pytest.approx((4 - 3) / 7)
    assert band_index(bands(SENTINEL_10M), a="b03").data.item() == pytest.approx((2 - 3) / 5)


def test_unsigned_integers_do_not_wrap():
    scan = scan_of(np.array([[[1]], [[60000]]], np.uint16), axes="CYX", channels=("nir", "red"))
    assert band_index(scan).data.item() == pytest.approx(-59999 / 60001)


def test_zero_denominators_are_nan_not_valid_and_counted():
    nir = np.float32([[0, 2, 1, 0, np.nan]])
    red = np.float32([[0, 2, -1, 0, 1]])
    valid = np.ones((2, 1, 5), bool)
    valid[1, 0, 3] = valid[0, 0, 4] = False
    scan = scan_of(np.stack([nir, red]), axes="CYX", channels=("nir", "red"), valid=valid)
    (done,) = trace(Recipe((Line("band_index"),)), scan)
    np.testing.assert_array_equal(done.scan.valid, [[False, True, False, False, False]])
    np.testing.assert_array_equal(done.scan.data[0, :3], [np.nan, 0, np.nan])
    assert done.tally == {"zero_denominators": 2, "beyond_one": 0}


def test_values_that_no_reflectance_gives_are_counted():
    data = np.float32([[[0.5, -0.1]], [[0.1, 0.3]]])
    (done,) = trace(Recipe((Line("band_index"),)), scan_of(data, axes="CYX", channels=("nir", "red")))
    assert done.tally == {"zero_denominators": 0, "beyond_one": 1}
    np.testing.assert_allclose(done.scan.data, [[0.4 / 0.6, -2.0]], rtol=1e-6)


def test_the_result_is_a_picture_of_its_own():
    data = np.ones((2, 2, 3, 4), np.float32)
    mask = np.zeros(data.shape, bool)
    mask[:, 0, 0], mask[:, 1, 1] = True, True
    scan = scan_of(data, axes="TCYX", channels=("nir", "red"), mask=mask, unit="a.u.", display_inverted=True)
    new = result_of(Line("band_index"), scan)
    assert (new.axes, new.channels, new.unit, new.display_inverted) == ("TYX", (), "1", False)
    assert (new.data.shape, new.data.dtype) == ((2, 3, 4), np.float32)
    np.testing.assert_array_equal(new.mask, mask.any(axis=1))


def test_the_quotient_is_rounded_once():
    data = np.random.default_rng(0).uniform(0.01, 1, (2, 50, 60)).astype(np.float32)
    new = band_index(scan_of(data, axes="CYX", channels=("nir", "red")))
    first, second = data.astype(np.float64)
    np.testing.assert_array_equal(new.data, ((first - second) / (first + second)).astype(np.float32))


def test_an_offset_changes_the_index_and_a_factor_does_not():
    scene = load_sample("satellite_sentinel2")
    plain, scaled, moved = (
        result_of_lines(scene, *above) for above in ((), ({"divide": 10000.0},), ({"subtract": 100.0},))
    )
    np.testing.assert_allclose(scaled, plain, atol=1e-6)
    assert np.abs(moved - plain).max() > 0.1
    assert (plain.min(), plain.max()) == (pytest.approx(-0.43, abs=0.01), pytest.approx(0.89, abs=0.01))


def result_of_lines(scan, *above):
    *_, last = trace(Recipe((*(Line("rescale", params) for params in above), Line("band_index"))), scan)
    return last.scan.data


def test_an_index_of_its_own_needs_two_bands():
    with pytest.raises(RecipeError, match="band_index index custom needs two bands; name them by a and b"):
        Line("band_index", {"index": "custom", "a": "B8"})
    with pytest.raises(StepError, match="line 1: band_index has the same channel as a and b"):
        result_of(Line("band_index", {"index": "custom", "a": "B08", "b": "3"}), bands(SENTINEL_10M))
