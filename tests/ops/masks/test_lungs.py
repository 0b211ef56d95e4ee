"""Lungs in simulated and real scans."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prep_core.io import load
from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.samples import load_sample
from prep_core.scan import Scan, voxel_affine
from tests.ops.masks.chests import GRAINS, MOVED, PHOTONS, ct, dice, mask_of, xray


@pytest.mark.parametrize("noise", GRAINS)
@pytest.mark.parametrize("shift", MOVED)
def test_lungs_are_found_in_a_ct_without_trachea_and_stomach(noise: float, shift: tuple[float, float, float]) -> None:
    phantom = ct(noise, shift)
    mask = mask_of("lung_mask", phantom.scan)
    assert dice(mask, phantom.truth["lungs"]) >= 0.97
    trachea = phantom.truth["airway"] & (phantom.scan.affine[2, 3] + 10 * np.arange(30) > 60)[:, None, None]
    assert trachea.any()
    assert mask[trachea].mean() < 0.05
    assert not mask[phantom.truth["gas"]].any()


@pytest.mark.parametrize("at", [8, 12, 15, 20, 24])
def test_lungs_are_found_in_a_single_plane(at: int) -> None:
    phantom = ct()
    plane = replace(phantom.scan, data=phantom.scan.data[at], axes="YX", valid=phantom.scan.valid[at])
    assert dice(mask_of("lung_mask", plane), phantom.truth["lungs"][at]) >= 0.95
    kept = phantom.scan.take({"Z": at})
    assert np.array_equal(mask_of("lung_mask", kept)[0], mask_of("lung_mask", plane))


def test_closing_takes_in_vessels_that_reach_the_border() -> None:
    y, x = np.mgrid[-60:60, -80:80] * 2.0
    lungs = np.hypot(y, np.abs(x) - 70) < 50
    vessel = lungs & (np.abs(y) < 3) & (np.abs(x) < 90)
    hu = np.where(np.hypot(y, x / 1.3) < 110, 40.0, -1000.0) - 890 * (lungs & ~vessel)
    scan = Scan(hu, "YX", voxel_affine((2.0, 2.0)), True)
    assert mask_of("lung_mask", scan)[vessel].mean() > 0.9
    assert not mask_of("lung_mask", scan, closing=0.0)[vessel].any()
    assert mask_of("lung_mask", scan, closing=2.0)[vessel].mean() < 0.5


def test_vessels_and_nodules_inside_the_lungs_belong_to_them() -> None:
    phantom = ct()
    vessels = phantom.truth["lungs"] & (phantom.scan.data > -300)
    assert mask_of("lung_mask", phantom.scan)[vessels].mean() > 0.9


def test_gas_is_not_followed_far_into_emphysema() -> None:
    """A tube of gas ends in the dark third of a lung."""
    hu = np.full((20, 60, 100), 40.0)
    hu[:, :5] = hu[:, -5:] = hu[..., :5] = hu[..., -5:] = -1000
    for left in (15, 55):
        hu[6:, 15:45, left : left + 30] = -850
    hu[6:, 25:35, 15:45] = -960
    hu[:6, 27:33, 25:31] = -1000
    mask = mask_of("lung_mask", Scan(hu, "ZYX", voxel_affine((4.0, 3.0, 3.0)), True))
    assert mask[8:, 15:45, 15:45].all()
    assert not mask[:5].any()


def test_a_lower_limit_of_gas_keeps_a_lung_that_is_as_dark() -> None:
    phantom = ct()
    right = phantom.truth["lungs"] & (np.arange(134) > 80) & (np.arange(30) < 18)[:, None, None]
    dark = np.where(right & (phantom.scan.data < -700), np.int16(-955), phantom.scan.data)
    lower = mask_of("lung_mask", replace(phantom.scan, data=dark), gas=-975.0)
    assert dice(lower, phantom.truth["lungs"]) >= 0.97


def test_a_scale_measured_inside_the_lungs_has_mean_0_and_std_1_there() -> None:
    result = apply(Recipe((Line("lung_mask"), Line("zscore", inside="mask"))), ct().scan)
    lungs = result.data[result.mask].astype(np.float64)
    assert lungs.mean() == pytest.approx(0, abs=1e-5)
    assert lungs.std() == pytest.approx(1, abs=1e-5)
    assert abs(result.data.mean()) > 0.1


def test_outside_the_lungs_can_be_filled() -> None:
    scan = ct().scan
    result = apply(Recipe((Line("lung_mask"), Line("apply_mask", {"fill": -1000.0}))), scan)
    assert (result.data[~result.mask] == -1000).all()
    assert np.array_equal(result.data[result.mask], scan.data[result.mask])


@pytest.mark.parametrize("photons", PHOTONS)
@pytest.mark.parametrize("shift", [(0.0, 0.0), (15.0, 20.0), (-15.0, -20.0)])
@pytest.mark.parametrize("monochrome1", [False, True])
def test_lung_fields_are_found_in_a_radiograph(photons: float, shift: tuple[float, float], monochrome1: bool) -> None:
    phantom = xray(photons, shift, monochrome1)
    mask = mask_of("lung_mask", phantom.scan, method="cxr", lungs="bright" if monochrome1 else "dark")
    assert dice(mask, phantom.truth["lungs"]) >= 0.85


def test_a_gamma_does_not_move_lung_fields() -> None:
    scan = xray().scan
    curved = replace(scan, data=(scan.data.astype(np.float32) / 1023) ** 3)
    assert dice(mask_of("lung_mask", curved, method="cxr"), mask_of("lung_mask", scan, method="cxr")) > 0.97


@pytest.mark.parametrize(("monochrome1", "said", "other"), [(False, "bright", "dark"), (True, "dark", "bright")])
def test_the_wrong_sign_is_told(monochrome1: bool, said: str, other: str) -> None:
    with pytest.raises(StepError, match=f"finds no two lung fields: .* if its lungs are {other}, say lungs: {other}"):
        mask_of("lung_mask", xray(monochrome1=monochrome1).scan, method="cxr", lungs=said)


def test_padding_around_a_radiograph_is_never_lung() -> None:
    phantom = xray()
    data = np.pad(phantom.scan.data.astype(np.float32), 12, constant_values=np.nan)
    truth = np.pad(phantom.truth["lungs"], 12)
    mask = mask_of("lung_mask", Scan(data, "YX"), method="cxr")
    assert dice(mask, truth) >= 0.85
    assert not mask[np.isnan(data)].any()


def test_a_shutter_around_a_radiograph_is_never_lung() -> None:
    phantom = xray()
    data = np.pad(phantom.scan.data, 12, constant_values=1023)
    mask = mask_of("lung_mask", Scan(data, "YX"), method="cxr")
    assert dice(mask, np.pad(phantom.truth["lungs"], 12)) >= 0.85


def test_a_film_of_radiographs_has_a_mask_for_each() -> None:
    frames = Scan(np.stack([xray().scan.data, xray(1e3).scan.data]), "TYX")
    mask = mask_of("lung_mask", frames, method="cxr")
    assert np.array_equal(mask[0], mask_of("lung_mask", xray().scan, method="cxr"))


def test_a_volume_is_no_radiograph() -> None:
    with pytest.raises(StepError, match="method cxr, which needs one picture, and this is a volume of 30 planes"):
        mask_of("lung_mask", ct().scan, method="cxr")


@pytest.mark.parametrize("sample", ["mr_brain_bias"])
def test_where_there_are_no_lungs_it_says_what_it_looked_for(sample: str) -> None:
    with pytest.raises(StepError, match=r"finds no lungs: it looked for air between -930 and -400 HU inside the body"):
        mask_of("lung_mask", load_sample(sample))


def test_gas_lies_below_the_threshold() -> None:
    with pytest.raises(RecipeError, match="gas must be below threshold, got gas -500 and threshold -600"):
        Line("lung_mask", {"gas": -500.0, "threshold": -600.0})


def test_the_lungs_of_a_real_ct() -> None:
    scan = load_sample("ct_chest")
    mask = mask_of("lung_mask", scan)
    # Litres: adults have 4 to 6 in both lungs, and 110 mm of their 250 are in the scan.
    assert 2.0 < mask.sum() * np.prod(scan.spacing) / 1e6 < 3.5
    assert -890 < np.median(scan.data[mask]) < -800
    left, right = mask[..., :128].sum(), mask[..., 128:].sum()
    assert 0.6 < left / right < 1.6
    # The left ventricle, the spine and the dome of the liver are no lung.
    assert not mask[8, 80:110, 140:170].any()
    assert not mask[:40, 168:180, 122:132].any()
    assert not mask[0, 80:130, 65:110].any()


@pytest.mark.shared_data
def test_the_lung_fields_of_a_real_radiograph(shared_data: Path) -> None:
    (scan,) = load(shared_data / "xray" / "chest_cr_mono1_j2k.dcm")
    assert scan.display_inverted
    mask = mask_of("lung_mask", scan, method="cxr", lungs="bright")
    # Outlined by hand, in rows and columns of every fourth pixel: chest wall, apex, heart and diaphragm.
    inside = [(60, 130), (120, 80), (200, 100), (250, 90), (60, 300), (120, 350), (200, 330), (290, 350)]
    outside = [(10, 150), (200, 230), (300, 290), (420, 100), (420, 350), (200, 20), (200, 445), (60, 20)]
    assert all(mask[4 * y, 4 * x] for y, x in inside)
    assert not any(mask[4 * y, 4 * x] for y, x in outside)
    assert 0.2 < mask.mean() < 0.35
    with pytest.raises(StepError, match="say lungs: bright"):
        mask_of("lung_mask", scan, method="cxr")
