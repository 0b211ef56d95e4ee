"""Pointwise arithmetic: what it counts, which unit follows, what it refuses."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.run import StepError
from tests.ops.lines import after, done, scan_of
from tests.strategies import unit_scan


def test_magnitude_takes_complex_and_signed_values() -> None:
    z = np.array([3 + 4j, -5j, 0], np.complex64)
    assert after("magnitude", z).tolist() == [25, 25, 0]
    assert after("magnitude", np.array([-3.0, 2.0]), power=1.0).tolist() == [3, 2]


def test_rescale_subtracts_first() -> None:
    assert after("rescale", [0.0, 127.5, 255.0], subtract=127.5, divide=127.5).tolist() == [-1, 0, 1]


def test_clip_counts_what_it_loses_at_either_end() -> None:
    scan = scan_of(np.array([-5.0, -2, 0, 1, 2, 900, -900]), valid=[[True] * 5 + [False] * 2])
    result = done("clip", scan, low=-1.0, high=1.0)
    assert result.scan.data[0, :5].tolist() == [-1, -1, 0, 1, 1]
    assert result.tally == {"clipped_low": 2, "clipped_high": 1}


def test_clip_refuses_limits_that_cross() -> None:
    with pytest.raises(RecipeError, match=r"clip low must be below high, got low 5 and high 5"):
        Line("clip", {"low": 5.0, "high": 5.0})


def test_invert_shows_monochrome1_upright() -> None:
    scan = scan_of(np.zeros((2, 2), np.uint16), display_inverted=True)
    assert not done("invert", scan).scan.display_inverted
    assert done("clip", scan).scan.display_inverted


@pytest.mark.parametrize(("quantity", "gap"), [("power", 10), ("amplitude", 20)])
def test_a_decade_is_10_db_of_power_and_20_db_of_amplitude(quantity: str, gap: float) -> None:
    levels = after("decibel", [0.01, 0.1, 1.0], quantity=quantity, reference="maximum")
    assert levels == pytest.approx([-2 * gap, -gap, 0], abs=1e-5)


def test_zeros_and_negatives_lie_at_the_floor_and_are_counted() -> None:
    scan = scan_of(np.array([1.0, 0.0, -3.0, 1e-30, 0.0]), valid=[[True, True, True, True, False]])
    result = done("decibel", scan, reference="maximum", floor_db=-110.0)
    assert result.scan.data[0, :4].tolist() == [0, -110, -110, -110]
    assert result.tally == {"at_floor": 3}


@pytest.mark.parametrize("quantity", ["power", "amplitude"])
def test_the_lowest_floor_is_reached_too(quantity: str) -> None:
    levels = after("decibel", [0.0, -1.0, 1.0], reference="maximum", quantity=quantity, floor_db=-400.0)
    assert levels.tolist() == [-400, -400, 0]


def test_a_reference_of_zero_is_refused() -> None:
    with pytest.raises(StepError, match=r"line 1: decibel has a measured reference of 0, and it must be above 0; "):
        after("decibel", np.zeros((3, 3)))


@pytest.mark.parametrize(
    ("step", "unit"),
    [
        ("window", "1"),
        ("rescale_range", "1"),
        ("decibel", "dB"),
        ("clip", "HU"),
        ("rescale", "HU"),
        ("round_to", "HU"),
        ("gamma", "HU"),
        ("log", "a.u."),
        ("asinh", "a.u."),
        ("sqrt", "a.u."),
        ("anscombe", "a.u."),
        ("magnitude", "a.u."),
    ],
)
def test_units_follow(step: str, unit: str) -> None:
    assert done(step, scan_of(unit_scan().data, unit="HU")).scan.unit == unit


def test_only_a_power_or_a_divisor_takes_the_unit_away() -> None:
    scan = scan_of(unit_scan().data, unit="HU")
    assert done("magnitude", scan, power=1.0).scan.unit == "HU"
    assert done("rescale", scan, subtract=3.0).scan.unit == "HU"
    assert done("rescale", scan, divide=3.0).scan.unit == "a.u."


def test_complex_values_need_a_magnitude_first() -> None:
    with pytest.raises(StepError, match=r"line 1: decibel works on real values .* put magnitude above it"):
        after("decibel", np.ones((2, 2), np.complex64))
