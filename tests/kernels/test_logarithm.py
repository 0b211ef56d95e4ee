import hashlib
import math

import numpy as np
import pytest

from prep_core.kernels.formula import by_formula, formula
from prep_core.kernels.logarithm import logarithm
from tests.kernels.odd_values import any_bits, same_bits
from tests.kernels.twins import twins

F = np.float32
BASES = [(10, 10), (10, 20), (math.e, 1), (2, 1), (10, 1)]


def of_every_exponent() -> np.ndarray:
    """Positive numbers, denormals too, in increasing order: near 1 and elsewhere, and both ends."""
    bits = np.concatenate([np.arange(1, 0x7F800000, 30_011), np.arange(0x3F000000, 0x40000000, 997), [0x7F7FFFFF]])
    return np.unique(bits.astype(np.uint32)).view(F)


def both(values: np.ndarray, numbers: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    results = []
    for form in twins(formula):
        monkeypatch.setattr("prep_core.kernels.formula.formula", form)
        plus, over, floor = numbers
        results.append(by_formula(values, logarithm(10, times=10, plus=plus, over=over, floor=floor)))
    return results


@pytest.mark.parametrize("size", [0, 1, 7, 16_383, 40_001])
@pytest.mark.parametrize("numbers", [(0.0, 1.0, -np.inf), (-0.0, 3e-3, -120.0), (1.0, 7e20, -0.0)])
def test_both_forms_give_the_same_bits(
    size: int, numbers: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, loop = both(any_bits(size), numbers, monkeypatch)
    assert same_bits(plain, loop)


@pytest.mark.parametrize(("base", "times"), BASES)
def test_it_is_numpys_of_float64(base: float, times: float) -> None:
    values = of_every_exponent()
    got, wanted = (
        by_formula(values, logarithm(base, times=times)),
        times * np.log2(values.astype(float)) / np.log2(base),
    )
    beyond_rounding = np.abs(got - wanted) - np.spacing(np.abs(got)) / 2
    assert beyond_rounding.max() < 4e-8 * times * math.log(10) / math.log(base)


def test_decibels_are_within_a_hundred_thousandth() -> None:
    values = of_every_exponent()
    wanted = 10 * np.log10(values.astype(float))
    usual = np.abs(wanted) < 256
    assert usual.mean() > 0.6
    assert np.abs(by_formula(values, logarithm(10, times=10)) - wanted)[usual].max() < 1e-5


@pytest.mark.parametrize(("base", "times"), BASES)
def test_a_larger_value_never_has_a_smaller_logarithm(base: float, times: float) -> None:
    assert (np.diff(by_formula(of_every_exponent(), logarithm(base, times=times))) >= 0).all()


def test_powers_are_exact() -> None:
    powers = np.arange(-37, 39)
    assert by_formula((10.0**powers).astype(F), logarithm(10, times=10)).tolist() == (10.0 * powers).tolist()
    powers = np.arange(-149, 128)
    assert by_formula((2.0**powers).astype(F), logarithm(2)).tolist() == powers.tolist()


def test_what_has_no_logarithm_lies_at_the_floor_and_infinity_and_nan_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.array([0.0, -0.0, -1.0, -np.inf, 1e-45, np.inf, np.nan], F)
    for floor in (-np.inf, -400.0):
        for result in both(values, (0, 1, floor), monkeypatch):
            assert result[:4].tolist() == [floor] * 4
            assert result[4] == pytest.approx(max(10 * math.log10(2**-149), floor))
            assert result[5] == np.inf
            assert np.isnan(result[6])


def test_each_part_has_a_reference_of_its_own() -> None:
    image = np.full((3, 4, 5), 8, F)
    levels = by_formula(image, logarithm(2, plus=8, over=np.array([1, 2, 16], F)[:, None, None]))
    assert levels[:, 0, 0].tolist() == [4, 3, 0]
    assert (levels == levels[:, :1, :1]).all()


def test_the_bits_are_those_of_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for result in both(of_every_exponent(), (0, 1, -np.inf), monkeypatch):
        assert hashlib.sha256(result.astype("<f4").tobytes()).hexdigest()[:16] == "e98aa462cc8db857"
