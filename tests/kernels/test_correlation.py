"""Symmetric filters along an axis: both forms, and SciPy's correlate1d."""

import numpy as np
import pytest
from scipy.ndimage import correlate1d

from prep_core.kernels.correlation import correlated
from prep_core.ops.lines import mirrored
from tests.kernels.twins import twins

SHAPES = ((1, 1, 1), (1, 9, 70), (5, 8, 33), (70, 11, 1), (2, 1, 3), (1, 600, 300), (400, 600, 1))
RADII = (0, 1, 4, 13)


def filtered(form, values: np.ndarray, radius: int, start: int, stop: int) -> np.ndarray:
    lines = mirrored(np.arange(-radius, values.shape[1] + radius), values.shape[1])
    out = np.full_like(values, 7)
    form(values, lines, weights(radius), start, stop, out)
    return out


def weights(radius: int) -> np.ndarray:
    return np.random.default_rng(radius).uniform(-1, 1, radius + 1)


def drawn(shape: tuple[int, ...]) -> np.ndarray:
    values = np.random.default_rng(3).normal(0, 1000, shape).astype(np.float32)
    values.reshape(-1)[:3] = np.float32([-0.0, 1e-45, 1e37])[: values.size]
    return values


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("shape", SHAPES)
def test_both_forms_give_the_bits_of_scipy(shape: tuple[int, ...], radius: int) -> None:
    values = drawn(shape)
    both = np.concatenate([weights(radius)[:0:-1], weights(radius)])
    expected = correlate1d(values, both, axis=1, mode="mirror")
    for form in twins(correlated):
        assert filtered(form, values, radius, 0, shape[2]).tobytes() == expected.tobytes()


@pytest.mark.parametrize(("start", "stop"), [(0, 40), (33, 70), (5, 5), (69, 70)])
def test_only_the_columns_that_were_asked_for_are_written(start: int, stop: int) -> None:
    values = drawn((1, 9, 70))
    one, other = (filtered(form, values, 4, start, stop) for form in twins(correlated))
    assert one.tobytes() == other.tobytes()
    assert (np.delete(one, np.s_[start:stop], axis=2) == 7).all()
    assert np.array_equal(one[..., start:stop], filtered(twins(correlated)[0], values, 4, 0, 70)[..., start:stop])


@pytest.mark.parametrize("shape", SHAPES)
def test_the_result_may_take_the_place_of_the_values(shape: tuple[int, ...]) -> None:
    values, lines = drawn(shape), mirrored(np.arange(-4, shape[1] + 4), shape[1])
    for form in twins(correlated):
        own = values.copy()
        form(own, lines, weights(4), 0, shape[2], own)
        assert own.tobytes() == filtered(form, values, 4, 0, shape[2]).tobytes()


def test_sums_are_in_the_order_of_scipy() -> None:
    """Of values of which one hides the other, so that another order gives another sum."""
    rng = np.random.default_rng(5)
    values = rng.choice(np.float32([2**60, -(2**60), 1, 3]), (3, 50, 1))
    half = rng.choice([1.0, -1.0], 7)
    expected = correlate1d(values, np.concatenate([half[:0:-1], half]), axis=1, mode="mirror")
    lines = mirrored(np.arange(-6, 56), 50)
    for form in twins(correlated):
        out = np.empty_like(values)
        form(values, lines, half, 0, 1, out)
        assert out.tobytes() == expected.tobytes()
