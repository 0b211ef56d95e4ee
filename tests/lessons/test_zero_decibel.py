"""The claims of "What is 0 dB?": what a gain moves, and what it cannot."""

import math
from pathlib import Path

import numpy as np
import pytest

from prep_core.io import load
from prep_core.lessons import LESSONS
from prep_core.samples.oct import simulate_oct
from prep_core.scan import Scan

LESSON = LESSONS["zero-decibel"]


@pytest.mark.parametrize("gain", [0.5, 4.0, 20.0])
def test_only_a_reference_of_its_own_follows_the_gain(gain: float) -> None:
    numbers = LESSON.shown(gain=gain).numbers
    assert numbers["shift_fixed"] == pytest.approx(10 * math.log10(gain), abs=1e-4)
    assert numbers["shift_dataset"] == pytest.approx(10 * math.log10(gain), abs=1e-4)
    assert numbers["shift_own"] == pytest.approx(0, abs=1e-4)


def test_what_is_cut_off_is_what_numpy_counts() -> None:
    """The same intensities, divided by the same reference, without a step of ours."""
    power = np.abs(simulate_oct(depth=256, width=256).data.astype(np.complex128)) ** 2
    numbers = LESSON.shown(gain=4.0, kept=40.0).numbers
    own = 10 * np.log10(power / np.percentile(power, 99.9))
    fixed = 10 * np.log10(4 * power)
    for name, level in (("own", own), ("fixed", fixed)):
        assert numbers[f"floor_{name}"] == pytest.approx(np.mean(level <= -40), abs=1e-4)
        assert numbers[f"ceiling_{name}"] == pytest.approx(np.mean(level >= 0), abs=1e-4)


@pytest.mark.parametrize("gain", [1.0, 30.0])
def test_what_survives_is_what_numpy_counts_in_each_tenth(gain: float) -> None:
    power = np.sort(np.abs(simulate_oct(depth=256, width=256).data.astype(np.complex128)).ravel() ** 2)
    shown = LESSON.shown(gain=gain, kept=40.0)
    curves = {curve.name: curve.y for curve in shown.charts[0].curves}
    for name, reference in (("value 1", 1.0), ("own percentile", gain * np.percentile(power, 99.9))):
        level = 10 * np.log10(gain * power / reference)
        shares = [100 * np.mean((tenth > -40) & (tenth < 0)) for tenth in np.array_split(level, 10)]
        np.testing.assert_allclose(curves[name], shares, atol=0.05)
    assert shown.numbers["brightest_fixed"] == curves["value 1"][-1] / 100


def test_a_gain_leaves_nothing_of_the_bright_layers_above_a_frozen_reference() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["brightest_dataset"] == 0
    assert numbers["brightest_fixed"] < 0.5 < 0.95 < numbers["brightest_own"]


@pytest.mark.shared_data
def test_on_a_real_oct_only_its_own_reference_keeps_the_bright_layers(shared_data: Path) -> None:
    (scan,) = load(shared_data / "oct" / "spectralis_bscan_linear_float32.tif")
    numbers = LESSON.shown(scan, gain=100.0).numbers
    assert numbers["brightest_fixed"] == numbers["brightest_dataset"] == 0
    assert numbers["brightest_own"] > 0.98


def test_a_frozen_reference_saturates_the_louder_scan() -> None:
    calm, loud = LESSON.shown(gain=1.0).numbers, LESSON.shown(gain=100.0).numbers
    assert loud["ceiling_dataset"] > 10 * calm["ceiling_dataset"]
    assert loud["ceiling_own"] == pytest.approx(calm["ceiling_own"], abs=1e-4)


def test_an_own_scan_is_taken_at_its_middle_plane() -> None:
    stack = np.geomspace(1, 1e6, 3 * 20 * 30).reshape(3, 20, 30).astype(np.float32)
    shown = LESSON.shown(Scan(stack, "ZYX"), gain=10.0)
    assert shown.pictures[0][0].image.shape == (20, 30)
    assert shown.numbers["shift_own"] == pytest.approx(0, abs=1e-4)
    assert shown.numbers["shift_fixed"] == pytest.approx(10, abs=1e-4)


def test_a_scan_without_a_positive_value_is_refused() -> None:
    flat = Scan(np.zeros((20, 30), np.float32), "YX")
    with pytest.raises(ValueError, match="must be above 0"):
        LESSON.shown(flat)
