"""The field as a polynomial."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.run import StepError
from prep_core.scan import Scan
from tests.oracles.bias import after, ball


def curved(shape: tuple[int, ...] = (8, 20, 24)) -> tuple[np.ndarray, np.ndarray]:
    """One tissue under a field of second order, and the field."""
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    field = np.exp(0.4 * x - 0.3 * y**2 + 0.2 * z * x)
    return (200 * field).astype(np.float32), field


@pytest.mark.parametrize("order", [2, 3, 5])
def test_a_field_of_no_higher_order_goes(order: int) -> None:
    data, _ = curved()
    scan = Scan(data, "ZYX", mask=data > 0)
    even = after("polynomial_field", scan, order=order)
    np.testing.assert_allclose(even, data.mean(dtype=np.float64), rtol=1e-5)


def test_the_mean_inside_stays() -> None:
    scan = ball()
    even = after("polynomial_field", scan)
    assert even[scan.mask].mean(dtype=np.float64) == pytest.approx(
        scan.data[scan.mask].mean(dtype=np.float64), rel=1e-6
    )


def test_voxels_outside_and_those_without_a_logarithm_do_not_enter() -> None:
    data, _ = curved()
    mask = np.random.default_rng(0).random(data.shape) < 0.5
    spoiled = np.where(mask, data, np.float32(1e6))
    spoiled[mask & (np.random.default_rng(1).random(data.shape) < 0.1)] = 0
    even = after("polynomial_field", Scan(spoiled, "ZYX", mask=mask))
    tissue = mask & (spoiled > 0)
    np.testing.assert_allclose(even[tissue], even[tissue].mean(), rtol=1e-5)


@pytest.mark.parametrize("rubbish", [np.nan, np.inf, 1e30])
def test_padding_moves_nothing(rubbish: float) -> None:
    scan = ball()
    valid = np.ones(scan.data.shape, bool)
    valid[..., :9] = False
    padded = replace(scan, valid=valid, data=np.where(valid, scan.data, np.float32(rubbish)))
    one, two = (after("polynomial_field", each)[valid] for each in (padded, replace(scan, valid=valid)))
    assert np.array_equal(one, two)


def test_the_field_does_not_run_away_where_nothing_was_fitted() -> None:
    data, _ = curved()
    mask = np.zeros(data.shape, bool)
    mask[:, :5, :5] = True
    field = data / after("polynomial_field", Scan(data, "ZYX", mask=mask), order=5)
    assert field.min() == pytest.approx(field[mask].min(), rel=1e-5)
    assert field.max() == pytest.approx(field[mask].max(), rel=1e-5)


def test_a_mask_in_one_plane_leaves_the_slope_across_it_alone() -> None:
    data, _ = curved()
    mask = np.zeros(data.shape, bool)
    mask[3] = True
    even = after("polynomial_field", Scan(data, "ZYX", mask=mask))
    np.testing.assert_allclose(even[3], even[3].mean(), rtol=1e-4)
    assert np.isfinite(even).all()


def test_an_axis_of_few_voxels_has_low_powers_only() -> None:
    data, _ = curved((2, 20, 24))
    even = after("polynomial_field", Scan(data, "ZYX", mask=data > 0), order=5)
    np.testing.assert_allclose(even, even.mean(), rtol=1e-4)
    # Of second order along x, of first along y: 5 terms, and 8 voxels are enough for them.
    tiny = after("polynomial_field", Scan(data[:1, :2, :4], "ZYX", mask=data[:1, :2, :4] > 0))
    np.testing.assert_allclose(tiny, tiny.mean(), rtol=1e-3)
    one = after("polynomial_field", Scan(data[:1], "ZYX", mask=data[:1] > 0))
    picture = after("polynomial_field", Scan(data[0], "YX", mask=data[0] > 0))
    np.testing.assert_allclose(one[0], picture, rtol=1e-6)


def test_planes_by_themselves_lose_what_differs_between_them() -> None:
    data, _ = curved()
    gains = np.linspace(1, 2, 8, dtype=np.float32)[:, None, None] * np.where(np.arange(8) % 2, 1.3, 1)[:, None, None]
    scan = Scan((data * gains).astype(np.float32), "ZYX", mask=data > 0)
    even = after("polynomial_field", scan, extent="plane")
    np.testing.assert_allclose(even, even.mean(axis=(1, 2), keepdims=True) + 0 * even, rtol=1e-4)


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (0, "needs voxels above 0, and none of the 0 inside is"),
        (9, "has 9 voxels above 0 inside to fit 10 terms to; lower order, or enlarge the mask"),
    ],
)
def test_too_few_voxels_are_said(mask: int, words: str) -> None:
    data, _ = curved()
    with pytest.raises(StepError, match=f"line 1: polynomial_field {words}"):
        after("polynomial_field", Scan(data, "ZYX", mask=(np.arange(data.size) < mask).reshape(data.shape)))
