"""Curves: where they are straight, where they bend, and which values have no answer."""

import math

import numpy as np
import pytest

from prep_core.run import StepError
from tests.ops.lines import after, done, scan_of


def test_log_of_the_offset_alone_is_0() -> None:
    assert after("log", [0.0, math.e - 1]) == pytest.approx([0, 1], abs=1e-6)
    assert after("log", [0.0, 90.0], base="10", offset=10.0) == pytest.approx([1, 2], abs=1e-6)
    assert after("log", [1.0, 8.0], base="2", offset=0.0).tolist() == [0, 3]


@pytest.mark.parametrize("scale", [1e-3, 0.1, 1.0, 250.0])
def test_asinh_keeps_0_and_1_and_is_odd(scale: float) -> None:
    assert after("asinh", [0.0, 1.0], scale=scale) == pytest.approx([0, 1], abs=1e-6)
    values = np.geomspace(1e-6, 1e6, 50)
    assert np.array_equal(after("asinh", values, scale=scale), -after("asinh", -values, scale=scale))


def test_asinh_is_a_line_below_its_scale_and_a_logarithm_above() -> None:
    faint = after("asinh", [0.001, 0.002], scale=1.0)
    assert faint[1] / faint[0] == pytest.approx(2, rel=1e-5)
    bright = after("asinh", [1e3, 1e4, 1e5], scale=1.0)
    assert np.diff(bright) == pytest.approx(math.log(10) / math.asinh(1), rel=1e-5)


def test_gamma_below_1_brightens() -> None:
    assert after("gamma", [0.0, 0.25, 1.0], gamma=0.5).tolist() == [0, 0.5, 1]


def test_roots_of_counts() -> None:
    assert after("sqrt", [0.0, 4.0, 9.0]).tolist() == [0, 2, 3]
    assert after("anscombe", [-0.375, 0.625, 3.625]).tolist() == [0, 2, 4]


def test_anscombe_gives_camera_counts_a_standard_deviation_of_1() -> None:
    counts = np.random.default_rng(0).poisson([[5], [50], [500]], (3, 40_000))
    assert after("anscombe", counts).std(axis=1) == pytest.approx([1, 1, 1], abs=0.02)


@pytest.mark.parametrize(
    ("step", "params", "values", "complaint"),
    [
        ("gamma", {}, [0, 1, 2], r"needs values from 0 to 1; 1 of 3 voxels lie outside, from 0 to 2; put a window"),
        ("log", {"offset": 0.0}, [0, 1, 2], r"needs values .* 1 of 3 voxels lie outside"),
        ("log", {"offset": 5.0}, [-9, -5, 2], r"needs values .* 2 of 3 voxels lie outside"),
        ("sqrt", {}, [-1, 0, 1], r"needs values of 0 or more; 1 of 3 voxels lie outside, from -1 to 1"),
        ("anscombe", {}, [-1, -0.375, 1], r"needs values of -0.375 or more; 1 of 3 voxels lie outside"),
    ],
)
def test_values_without_an_answer_are_refused(
    step: str, params: dict[str, float], values: list[float], complaint: str
) -> None:
    with pytest.raises(StepError, match=f"line 1: {step} {complaint}"):
        after(step, values, **params)


@pytest.mark.parametrize("step", ["log", "sqrt", "anscombe", "gamma"])
def test_padding_without_an_answer_is_let_through(step: str) -> None:
    scan = scan_of([[-2000.0, 1.0]], valid=[[False, True]])
    assert np.isfinite(done(step, scan).scan.data).all()
