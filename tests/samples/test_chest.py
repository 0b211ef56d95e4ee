"""The simulated chests are what they say."""

import numpy as np
import pytest

from prep_core.samples.anatomy import chest
from prep_core.samples.chest import simulate_chest_ct, simulate_chest_xray
from tests.ops.masks.chests import ct, xray

HU = {"lungs": -850, "airway": -1000, "gas": -990, "heart": 45, "spine": 300, "metal": 2800}


@pytest.mark.parametrize("name", HU)
def test_each_structure_has_its_density(name: str) -> None:
    z, y, x = np.meshgrid(np.arange(-150, 151, 6), np.arange(-120, 121, 3), np.arange(-180, 181, 3), indexing="ij")
    anatomy = chest(z, y, x, metal=2800.0)
    assert np.median(anatomy.hu[anatomy.masks[name]]) == HU[name]


def test_what_is_in_the_body_and_what_is_not() -> None:
    truth = ct().truth
    for name in ("lungs", "airway", "heart", "spine", "abdomen"):
        assert not (truth[name] & ~truth["body"]).any()
    for name in ("airway", "heart", "abdomen", "spine"):
        assert not (truth[name] & truth["lungs"]).any()
    assert not (truth["table"] & truth["body"]).any()
    assert not truth["metal"].any()


def test_the_air_around_has_the_noise_that_is_asked_for() -> None:
    phantom = simulate_chest_ct(spacing=(20, 6, 6), size=(15, 60, 66), noise=15.0)
    air = phantom.scan.data[:, :4].astype(float)
    # HU below -1024 cannot be stored: a twentieth of this noise is cut off.
    assert air.mean() == pytest.approx(-1000, abs=2)
    assert np.median(np.abs(air + 1000)) / 0.6745 == pytest.approx(15, rel=0.1)


def test_metal_ends_at_the_stored_maximum() -> None:
    small = {"spacing": (20, 4, 4), "size": (15, 90, 100), "metal": 9000.0}
    assert simulate_chest_ct(**small).scan.data.max() == 3071
    assert simulate_chest_ct(**small, stored_maximum=30000.0).scan.data.max() > 3071


def test_lungs_have_the_volume_of_lungs() -> None:
    phantom = ct()
    litres = phantom.truth["lungs"].sum() * np.prod(phantom.scan.spacing) / 1e6
    assert 2.5 < litres < 7


def test_a_seed_gives_the_same_bytes() -> None:
    small = {"spacing": (30, 8, 8), "size": (10, 40, 44)}
    first, again, other = (simulate_chest_ct(**small, seed=seed).scan.data.tobytes() for seed in (7, 7, 8))
    assert first == again != other
    picture = {"spacing": (6, 6), "size": (48, 62)}
    first, again, other = (simulate_chest_xray(**picture, seed=seed).scan.data.tobytes() for seed in (7, 7, 8))
    assert first == again != other


def test_monochrome1_is_the_inverse() -> None:
    plain, inverted = xray(), xray(monochrome1=True)
    assert np.array_equal(1023 - plain.scan.data, inverted.scan.data)
    assert (plain.scan.display_inverted, inverted.scan.display_inverted) == (False, True)


def test_a_radiograph_is_dark_where_lungs_are_and_has_its_head_up() -> None:
    phantom = xray()
    lungs = phantom.truth["lungs"]
    assert np.median(phantom.scan.data[lungs]) < np.median(phantom.scan.data[~lungs & (phantom.scan.data > 200)])
    rows = np.flatnonzero(lungs.any(axis=1))
    assert lungs[rows[0] + 5].sum() < lungs[rows[-1] - 25].sum()


def test_no_attenuation_gives_all_photons() -> None:
    beside = xray().scan.data[:, :3]
    assert np.abs(beside.astype(int) - 100).max() <= 2


def test_the_scans_say_what_they_are() -> None:
    scan, picture = ct().scan, xray().scan
    assert (scan.axes, scan.unit, scan.modality, scan.data.dtype) == ("ZYX", "HU", "CT", np.int16)
    assert scan.orientation == "SPL"
    assert scan.spacing == pytest.approx((10, 3, 3))
    assert (picture.axes, picture.modality, picture.data.dtype) == ("YX", "DX", np.uint16)
    assert picture.spacing == pytest.approx((2, 2))
