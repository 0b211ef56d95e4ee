"""The claims of "CT has units": what windows cut off, what a shift does to them, and how much is called metal."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import label

from prep_core.lessons import LESSONS
from prep_core.samples import load_sample
from prep_core.samples.chest import simulate_chest_ct
from prep_core.scan import Scan

LESSON = LESSONS["ct-units"]
SLICE = simulate_chest_ct(size=(3, 128, 160), spacing=(10.0, 2.0, 2.5), metal=8000.0).scan.data[1].astype(np.float64)


@pytest.mark.parametrize(("center", "width", "shift"), [(40.0, 400.0, 0.0), (-600.0, 1500.0, -300.0), (30.0, 5.0, 7.0)])
def test_what_is_cut_off_is_what_numpy_counts(center: float, width: float, shift: float) -> None:
    shown = LESSON.shown(center=center, width=width, shift=shift)
    low, high = center - width / 2, center + width / 2
    assert shown.numbers["below"] == pytest.approx(np.mean(low > SLICE))
    assert shown.numbers["above"] == pytest.approx(np.mean(high < SLICE))
    assert shown.numbers["white"] == pytest.approx(np.mean(high <= SLICE))
    assert shown.numbers["white_off"] == pytest.approx(np.mean(high <= SLICE + shift))
    assert shown.numbers["muscle_off"] == pytest.approx(np.clip((50 + shift - low) / width, 0, 1))
    moved = np.clip((SLICE + shift - low) / width, 0, 1)
    np.testing.assert_allclose(shown.pictures[0][1].image, moved, atol=1e-5)


def test_bone_in_four_programs() -> None:
    """1000 HU by hand: fastai 400 and 1800, OHIF 480 and 2500, Weasis 350 and 2000, Slicer 400 and 1000."""
    numbers = LESSON.shown().numbers
    wanted = {"fastai": 1500 / 1800, "OHIF": 1770 / 2500, "Weasis": 1650 / 2000, "Slicer": 1.0}
    assert {name: numbers[f"bone_{name}"] for name in wanted} == pytest.approx(wanted)
    assert numbers["slicer_high"] == 900
    titles = [picture.title for picture in LESSON.shown().pictures[1]]
    assert titles == [f"Bone, {name}" for name in wanted]


def test_ranges_cut_off_what_numpy_counts() -> None:
    rows = {row[0]: row[1:] for row in LESSON.shown().tables[0].rows}
    for name, low, high in (("range full", -1000, 1000), ("range lung", -1500, 600), ("bone, Slicer", -100, 900)):
        below, above = 100 * np.mean(low > SLICE), 100 * np.mean(high < SLICE)
        assert rows[name] == pytest.approx((low, high, below, above))


@pytest.mark.parametrize("threshold", [300.0, 2500.0])
def test_metal_is_what_scipy_labels(threshold: float) -> None:
    shown = LESSON.shown(metal=threshold, shift=150.0)
    above = threshold < SLICE
    assert shown.numbers["metal_voxels"] == np.count_nonzero(above)
    assert shown.numbers["metal_regions"] == label(above, np.ones((3, 3)))[1]
    assert shown.numbers["metal_off"] == np.count_nonzero(threshold - 150 < SLICE)
    assert np.array_equal(shown.pictures[0][2].outline, above)


def test_metal_ends_where_the_scale_does() -> None:
    numbers = LESSON.shown().numbers
    assert numbers["largest"] == 3071
    assert numbers["saturated"] == np.count_nonzero(SLICE == 3071) > 1


def test_a_forgotten_intercept_makes_the_body_white_and_is_noticed() -> None:
    calm, broken = LESSON.shown(), LESSON.shown(**LESSON.breaks)
    assert broken.numbers["white_off"] > 0.4 > 0.1 > calm.numbers["white_off"]
    assert "1024 too high" in broken.happened[1]
    assert "not this one" in calm.happened[1]
    air = broken.pictures[0][1].image[SLICE < -950]
    assert np.median(air) == pytest.approx((24 + 160) / 400, abs=0.02), "air is where organs were"


def test_the_real_chest_counts_no_padding_and_has_no_rods() -> None:
    scan = load_sample("ct_chest")
    values = scan.data[22][scan.valid[22]]
    numbers = LESSON.shown(scan, metal=500.0).numbers
    assert numbers["below"] == pytest.approx(np.mean(values < -160))
    assert numbers["metal_voxels"] == np.count_nonzero(values > 500) > 50 * np.count_nonzero(values > 2500)


def test_an_own_scan_is_taken_at_its_middle_plane_without_padding() -> None:
    stack = np.full((1, 3, 2, 20, 30), -2000, np.int16)
    stack[0, 0, 1] = np.linspace(-1000, 900, 600).reshape(20, 30)
    stack[0, 0, 1, :, :3] = -2000
    shown = LESSON.shown(Scan(stack, "TCZYX", unit="HU", valid=stack > -2000))
    values = stack[0, 0, 1, :, 3:]
    assert shown.numbers["below"] == pytest.approx(np.mean(values < -160))
    assert np.isnan(shown.pictures[0][0].image[:, :3]).all()
    with pytest.raises(ValueError, match="all padding"):
        LESSON.shown(Scan(stack[:, 1:], "TCZYX", unit="HU", valid=stack[:, 1:] > -2000))


def test_a_scan_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"need values in HU, and its unit is a\.u\.; open a CT"):
        LESSON.shown(Scan(SLICE, "YX"))
    with pytest.raises(ValueError, match="at least 16 x 16"):
        LESSON.shown(replace(Scan(SLICE[:8], "YX"), unit="HU"))
