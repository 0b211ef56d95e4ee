import hashlib

import numpy as np
import pytest

from prep_core.kernels.bent import inverse_sinh, inverse_sinhs, power, powers, sigmoid, sigmoids
from tests.kernels.odd_values import any_bits, same_bits
from tests.kernels.twins import twins

F = np.float32
CASES = [
    (sigmoids, (40.0, 400.0)),
    (sigmoids, (0.0, 1e-3)),
    (powers, (0.45,)),
    (powers, (2.2,)),
    (powers, (100.0,)),
    (powers, (0.01,)),
    (inverse_sinhs, (0.1,)),
    (inverse_sinhs, (1e-6,)),
    (inverse_sinhs, (1e9,)),
]
NAMES = [f"{kernel.__name__} {numbers}" for kernel, numbers in CASES]


def by_both(kernel, values: np.ndarray, numbers: tuple[float, ...]) -> list[np.ndarray]:
    results = []
    for form in twins(kernel):
        results.append(np.empty(values.size, F))
        form(values, results[-1], np.array(numbers, F))
    return results


def exact(kernel, values: np.ndarray, numbers: tuple[float, ...]) -> np.ndarray:
    """By NumPy in float64, of the exponent or the quotient of float32."""
    with np.errstate(all="ignore"):
        if kernel is sigmoids:
            exponent = np.clip((values - F(numbers[0])) * F(-4) / F(numbers[1]), -80, 80)
            return 1 / (1 + np.exp(exponent.astype(float)))
        if kernel is powers:
            return values.astype(float) ** float(F(numbers[0]))
        return np.arcsinh((values / F(numbers[0])).astype(float))


@pytest.mark.parametrize(("kernel", "numbers"), CASES, ids=NAMES)
@pytest.mark.parametrize("size", [0, 1, 8191, 8193, 40_001])
def test_both_forms_give_the_same_bits(kernel, numbers: tuple[float, ...], size: int) -> None:
    assert same_bits(*by_both(kernel, any_bits(size), numbers))


@pytest.mark.parametrize(("kernel", "numbers"), CASES, ids=NAMES)
def test_it_is_numpys_of_float64_rounded(kernel, numbers: tuple[float, ...]) -> None:
    values = np.concatenate(
        [any_bits(100_000), np.linspace(-300, 300, 20_001, dtype=F), np.linspace(0, 1, 20_001, dtype=F)]
    )
    values = values[np.isfinite(values) & ((values >= 0) | (kernel is not powers))]
    wanted = exact(kernel, values, numbers)
    kept = np.abs(wanted) < np.finfo(F).max
    assert kept.mean() > 0.4
    got, wanted = by_both(kernel, values[kept], numbers)[1], wanted[kept]
    with np.errstate(under="ignore"):
        assert (np.abs(got - wanted) / np.spacing(np.abs(wanted.astype(F)))).max() < 0.5002
        assert (got != wanted.astype(F)).mean() < 1e-4


@pytest.mark.parametrize("form", [0, 1])
def test_the_ends_of_a_power(form: int) -> None:
    values, out = np.array([0, -0.0, 1, -1, np.inf, np.nan, 3e38, 1e-45], F), np.empty(8, F)
    twins(powers)[form](values, out, np.array([2.0], F))
    assert out[:3].tolist() == [0, 0, 1]
    assert np.isnan(out[[3, 5]]).all()
    assert out[[4, 6, 7]].tolist() == [np.inf, np.inf, 0]


@pytest.mark.parametrize("form", [0, 1])
def test_a_sigmoid_has_its_middle_at_the_centre_and_its_ends_at_0_and_1(form: int) -> None:
    values, out = np.array([40, 39, 41, -np.inf, np.inf, np.nan], F), np.empty(6, F)
    twins(sigmoids)[form](values, out, np.array([40, 4], F))
    assert out[0] == 0.5
    assert out[1:3].tolist() == pytest.approx([1 / (1 + np.e), np.e / (1 + np.e)])
    assert out[3] == pytest.approx(np.exp(-80), rel=1e-6)
    assert out[4] == 1
    assert np.isnan(out[5])


@pytest.mark.parametrize("form", [0, 1])
def test_an_inverse_sinh_is_odd_and_keeps_what_is_small(form: int) -> None:
    values, out = np.array([-0.0, 1e-30, -1e-30, np.inf, -np.inf, np.nan], F), np.empty(6, F)
    twins(inverse_sinhs)[form](values, out, np.array([1], F))
    assert np.signbit(out[0])
    assert out[1:5].tolist() == values[1:5].tolist()
    assert np.isnan(out[5])


def test_images_of_any_strides_are_taken() -> None:
    image = np.linspace(0, 1, 60, dtype=F).reshape(3, 4, 5)[::-1, :, ::2]
    assert np.abs(power(image, 0.5) - np.sqrt(image)).max() < 1e-7
    assert np.abs(inverse_sinh(image, 0.1) - np.arcsinh(image * 10)).max() < 1e-6
    assert np.abs(sigmoid(image, 0.5, 1.0) - 1 / (1 + np.exp(2 - 4 * image))).max() < 1e-6


@pytest.mark.parametrize("form", [0, 1])
def test_the_bits_are_those_of_every_machine(form: int) -> None:
    values = np.arange(0, 0x7F800000, 100_003, dtype=np.uint32).view(F)
    digest = hashlib.sha256()
    for kernel, numbers in CASES:
        digest.update(by_both(kernel, values, numbers)[form].astype("<f4").tobytes())
    assert digest.hexdigest()[:16] == "9e84fa2a6972af4b"
