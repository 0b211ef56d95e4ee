"""The claims of "Why the network learned only the brightest pixels": where loss and gradient come from."""

from pathlib import Path

import numpy as np
import pytest

from prep_core.io import load
from prep_core.lessons import LESSONS
from prep_core.lessons.brightest_pixels.depth_scans import retina
from prep_core.samples import load_sample
from prep_core.scan import Scan, voxel_affine

LESSON = LESSONS["brightest-pixels"]


@pytest.mark.parametrize(("decay", "kept", "bands"), [(0.0, 60.0, 6), (20.0, 40.0, 4)])
def test_shares_are_what_numpy_sums(decay: float, kept: float, bands: int) -> None:
    power = np.abs(retina(decay).data.astype(np.complex128)) ** 2
    linear = (power - power.min()) / np.ptp(power)
    level = np.clip(1 + 10 * np.log10(power / np.percentile(power, 99.9)) / kept, 0, 1)
    brightest = power >= np.percentile(power, 99)
    deepest = power.shape[0] - power.shape[0] // bands
    numbers = LESSON.shown(decay=decay, kept=kept, bands=bands).numbers
    for name, y in (("linear", linear), ("db", level)):
        assert numbers[f"{name}_brightest_loss"] == pytest.approx((y[brightest] ** 2).sum() / (y**2).sum(), rel=1e-3)
        assert numbers[f"{name}_brightest_gradient"] == pytest.approx(y[brightest].sum() / y.sum(), rel=1e-3)
        assert numbers[f"{name}_deepest_loss"] == pytest.approx((y[deepest:] ** 2).sum() / (y**2).sum(), rel=1e-3)
        assert numbers[f"{name}_deepest_gradient"] == pytest.approx(y[deepest:].sum() / y.sum(), rel=1e-3)
    assert numbers["black"] == pytest.approx(np.mean(level <= 0), abs=1e-4)


def test_a_linear_scale_loses_the_deep_layers_and_decibels_keep_them() -> None:
    numbers = LESSON.shown().numbers
    assert numbers["brightest_pixels"] == pytest.approx(0.01, abs=1e-4)
    assert numbers["linear_brightest_loss"] > 0.9
    assert numbers["linear_deepest_loss"] < 1e-7
    assert numbers["db_deepest_loss"] > 0.01
    assert numbers["db_brightest_loss"] < 0.1


def test_without_room_below_the_reference_decibels_lose_them_too() -> None:
    shown = LESSON.shown(**LESSON.breaks)
    assert shown.numbers["db_deepest_loss"] == 0
    assert shown.numbers["black"] > 0.9
    assert "dB does not help" in shown.happened[3]


def test_a_machine_that_took_a_logarithm_leaves_little_to_gain() -> None:
    shown = LESSON.shown(load_sample("us_phantom"))
    assert 0.05 < shown.numbers["linear_deepest_loss"] < 0.2
    assert "does not hold" in shown.happened[3]


@pytest.mark.shared_data
def test_a_real_oct_of_eight_decades_keeps_its_deep_band_in_db_alone(shared_data: Path) -> None:
    (scan,) = load(shared_data / "oct" / "spectralis_bscan_linear_float32.tif")
    shown = LESSON.shown(scan, kept=90.0)
    low, high = np.percentile(scan.data[::2, ::3][scan.data[::2, ::3] > 0].astype(np.float64), (0.1, 99.9))
    assert shown.numbers["decades"] == pytest.approx(np.log10(high / low), abs=1e-3)
    assert shown.numbers["decades"] > 6
    assert shown.numbers["linear_brightest_loss"] > 0.7 > 0.05 > shown.numbers["db_brightest_loss"]
    assert shown.numbers["linear_deepest_loss"] < 1e-9 < 0.02 < shown.numbers["db_deepest_loss"]
    assert "spends its steps" in shown.happened[3]


def test_an_own_scan_is_taken_at_its_middle_plane_without_its_padding() -> None:
    """Intensities that fall by 10 a row of its own: each band of four rows is a share of a geometric series."""
    stack = np.zeros((3, 40, 32), np.float32)
    stack[1] = 10.0 ** -np.arange(40.0)[:, None]
    valid = np.ones(stack.shape, bool)
    valid[1, 20:] = False
    stack[1, 20:] = 1e9
    scan = Scan(stack, "ZYX", voxel_affine((1.0, 0.5, 0.5)), spacing_known=True, valid=valid)
    shown = LESSON.shown(scan, bands=10, kept=120.0)
    assert shown.numbers["linear_band_loss"] == pytest.approx(1 - 1e-8)
    assert [row[0] for row in shown.tables[0].rows][:2] == ["0–2", "2–4"]
    assert shown.tables[0].rows[-1][1] == "padding"
    assert np.isnan(shown.pictures[0][0].image[20:]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.uint8, np.complex64])
def test_further_decay_is_a_straight_line_in_decibels(dtype: type) -> None:
    """40 dB over 41 rows of a flat picture: 1 dB a row, of intensities and of amplitudes."""
    flat = Scan(np.full((41, 16), 7, dtype), "YX")
    levels = LESSON.shown(flat, decay=40.0, kept=100.0).pictures[1][0].image[:, 0]
    assert 100 * np.diff(levels) == pytest.approx(np.full(40, -1.0), abs=1e-3)


@pytest.mark.parametrize(
    ("scan", "complaint"),
    [
        (Scan(np.full((20, 20), -1.0, np.float32), "YX"), "100.0% of its pixels are below 0"),
        (Scan(np.ones((20, 20), np.float32), "YX", unit="HU"), "its values are in HU"),
        (Scan(np.ones((8, 20), np.float32), "YX"), "at least 16 x 16 pixels, this has 8 x 20"),
        (Scan(np.full((20, 20), np.nan, np.float32), "YX"), "is all padding"),
    ],
)
def test_what_has_no_intensity_is_refused(scan: Scan, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        LESSON.shown(scan)


def test_the_network_on_a_linear_scale_loses_the_deep_layers() -> None:
    told: list[float] = []
    train = LESSON.train
    assert train is not None
    shown = train(None, lambda share, words: told.append(share), **LESSON.parse({}))
    assert told == sorted(told)
    assert (len(told), told[-1]) == (120, 1)
    assert shown.numbers["linear_deepest"] > 2 * shown.numbers["db_deepest"]
    assert shown.numbers["linear_loss"] < shown.numbers["db_loss"]
    truth, linear, level = (picture.image for picture in shown.pictures[0])
    for name, answer in (("linear", linear), ("db", level)):
        assert shown.numbers[f"{name}_deepest"] == pytest.approx(np.sqrt(np.mean((answer - truth)[-32:] ** 2)))
    brightest = np.argsort(truth.mean(axis=1))[-10:]
    assert np.sqrt(np.mean((linear - truth)[brightest] ** 2)) < 10, "where the light is, it has learned something"


def test_an_own_scan_with_padding_can_be_learned() -> None:
    rng = np.random.default_rng(0)
    values = (10.0 ** -np.linspace(0, 4, 40)[:, None] * rng.exponential(size=(40, 48))).astype(np.float32)
    values[:, :10] = np.nan
    train = LESSON.train
    assert train is not None
    shown = train(Scan(values, "YX"), lambda share, words: None, **LESSON.parse({}))
    assert shown.pictures[0][0].image.shape == (40, 19)
    assert "every other column" in shown.happened[0]
