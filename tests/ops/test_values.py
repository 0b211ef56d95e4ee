"""Pointwise steps against implementations that are not ours."""

import numpy as np
import pytest
from highdicom.enum import VOILUTFunctionValues
from highdicom.pixels import apply_voi_window
from pydicom import Dataset
from pydicom.pixels import apply_windowing

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan
from tests.strategies import unit_scan


def after(step: str, values: object, **params: object) -> np.ndarray:
    data = np.atleast_2d(np.asarray(values))
    return apply(Recipe((Line(step, params),)), Scan(data, "YX")).data.reshape(np.shape(values))


HU = np.arange(-1100, 3100, dtype=np.int16)


@pytest.mark.parametrize("function", ["linear", "linear_exact", "sigmoid"])
@pytest.mark.parametrize(("center", "width"), [(40.0, 400.0), (-600.0, 1500.0), (32.5, 80.25)])
def test_window_equals_highdicom(function: str, center: float, width: float) -> None:
    name = VOILUTFunctionValues(function.upper())
    wanted = apply_voi_window(HU.astype(np.float64), center, width, name, output_range=(0.0, 1.0), dtype=np.float64)
    got = after("window", HU, center=center, width=width, function=function)
    assert got == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("function", ["linear", "linear_exact", "sigmoid"])
def test_window_equals_pydicom(function: str) -> None:
    ds = Dataset()
    ds.PhotometricInterpretation, ds.BitsStored, ds.PixelRepresentation = "MONOCHROME2", 16, 1
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = 40, 400, function.upper()
    grey = apply_windowing(HU, ds)  # to the range of int16
    got = after("window", HU, center=40.0, width=400.0, function=function)
    assert got == pytest.approx((grey + 32768) / 65535, abs=1e-6)


def test_window_gives_the_greys_of_the_standard() -> None:
    grey = np.rint(255 * after("window", [-129.0, 65.0, 194.0], function="linear", center=40.0, width=400.0))
    assert grey.tolist() == [20, 144, 226]


def test_a_linear_window_of_width_1_is_a_threshold() -> None:
    """PS3.3 C.11.2.1.2.1: below or at c - 0.5 black, above c - 0.5 + (w - 1) white."""
    assert after("window", [39.0, 39.5, 39.6, 40.0], function="linear", center=40.0, width=1.0).tolist() == [
        0,
        0,
        1,
        1,
    ]


def test_clip_and_rescale_and_invert_equal_numpy() -> None:
    values = np.linspace(-500, 500, 37, dtype=np.float32)
    assert np.array_equal(after("clip", values, low=-50.5, high=99.0), np.clip(values, -50.5, 99))
    assert after("rescale", values, subtract=127.5, divide=127.5) == pytest.approx((values - 127.5) / 127.5, rel=1e-6)
    stored = np.array([0, 874, 26479, 65535], np.uint16)
    assert after("invert", stored, high=65535.0).tolist() == [65535, 64661, 39056, 0]


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 3.0])
def test_magnitude_of_complex_values(power: float) -> None:
    z = np.array([3 + 4j, -5j, 0, 1e-3 + 1e-3j], np.complex64)
    assert after("magnitude", z, power=power) == pytest.approx(np.abs(z.astype(np.complex128)) ** power, rel=1e-6)


@pytest.mark.parametrize(("quantity", "factor"), [("power", 10), ("amplitude", 20)])
def test_decibel_is_the_closed_form_against_each_reference(quantity: str, factor: int) -> None:
    values = 10 ** np.random.default_rng(0).uniform(-4, 2, 5000).astype(np.float32)
    references = {
        "fixed": 7.0,
        "maximum": values.max(),
        "percentile": np.percentile(values.astype(float), 99.9),
    }
    for reference, level in references.items():
        got = after("decibel", values, quantity=quantity, reference=reference, value=7.0, floor_db=-200.0)
        assert got == pytest.approx(factor * np.log10(values.astype(float) / level), abs=1e-4)


def test_doubling_the_gain_changes_nothing_but_adds_3_db_to_a_fixed_reference() -> None:
    values = 10 ** np.random.default_rng(0).uniform(-8, 2, 5000).astype(np.float32)
    measured = [after("decibel", gain * values) for gain in (1, 2)]
    assert np.abs(measured[1] - measured[0]).max() < 1e-4
    fixed = [after("decibel", gain * values, reference="fixed", floor_db=-200.0) for gain in (1, 2)]
    assert fixed[1] - fixed[0] == pytest.approx(10 * np.log10(2), abs=1e-4)


def test_zeros_and_negatives_lie_at_the_floor() -> None:
    values = np.array([1.0, 0.0, -3.0, 1e-30, np.float32(1e-11)])
    assert after("decibel", values, reference="maximum", floor_db=-110.0).tolist()[:4] == [
        0,
        -110,
        -110,
        -110,
    ]


@pytest.mark.parametrize(("base", "function"), [("e", np.log), ("2", np.log2), ("10", np.log10)])
def test_log_is_the_closed_form(base: str, function: np.ufunc) -> None:
    values = np.array([0, 1, 10, 65535], np.uint16)
    assert after("log", values, base=base, offset=1.0) == pytest.approx(function(values + 1.0), rel=1e-6)


def test_gamma_is_the_closed_form() -> None:
    values = np.linspace(0, 1, 11, dtype=np.float32)
    assert after("gamma", values, gamma=2.2) == pytest.approx(values.astype(float) ** 2.2, abs=1e-6)


@pytest.mark.parametrize(
    ("step", "params", "words"),
    [
        ("gamma", {}, "gamma needs values from 0 to 1; 1 of 3 voxels lie outside, from 0 to 2"),
        ("log", {"offset": 0.0}, "log needs values from .* 1 of 3 voxels lie outside"),
    ],
)
def test_values_without_an_answer_are_refused(step: str, params: dict[str, float], words: str) -> None:
    with pytest.raises(StepError, match=words):
        after(step, np.array([0.0, 1.0, 2.0]), **params)


def test_padding_without_an_answer_is_let_through() -> None:
    scan = Scan(np.array([[-2000.0, 1.0]]), "YX", valid=np.array([[False, True]]))
    assert apply(Recipe((Line("log", {"offset": 0.0}),)), scan).data[0, 1] == 0


def test_units_follow() -> None:
    for step, unit in {"window": "1", "decibel": "dB", "zscore": "1", "clip": "HU", "log": "a.u."}.items():
        scan = Scan(unit_scan().data, "ZYX", unit="HU")
        assert apply(Recipe((Line(step),)), scan).unit == unit


def test_complex_values_need_a_magnitude_first() -> None:
    scan = Scan(np.ones((2, 2), np.complex64), "YX")
    with pytest.raises(StepError, match=r"line 1: decibel works on real values .* put magnitude above it"):
        apply(Recipe((Line("decibel"),)), scan)


def test_invert_shows_monochrome1_upright() -> None:
    scan = Scan(np.zeros((2, 2), np.uint16), "YX", display_inverted=True)
    assert not apply(Recipe((Line("invert"),)), scan).display_inverted
    assert apply(Recipe((Line("clip"),)), scan).display_inverted
