"""Sums over B-splines along an axis, against NumPy's products of whole matrices."""

import numpy as np
import pytest

from prep_core.kernels.n4_lattice import gathered, spread
from tests.kernels.twins import twins

SHAPES = ((1, 1, 1), (1, 9, 35), (3, 8, 5), (11, 7, 1), (1, 4, 2049), (1, 3, 0))
SIZE = 7


def seen(voxels: int, order: int) -> tuple[np.ndarray, np.ndarray]:
    """The first control point that each voxel sees, with gaps and in no order, and weights."""
    rng = np.random.default_rng(voxels + order)
    return rng.integers(0, SIZE - order, voxels), rng.uniform(-1, 1, (voxels, order + 1))


def dense(first: np.ndarray, weights: np.ndarray) -> np.ndarray:
    matrix = np.zeros((len(first), SIZE))
    for i, k in np.ndindex(weights.shape):
        matrix[i, first[i] + k] += weights[i, k]
    return matrix


def drawn(*shape: int) -> np.ndarray:
    values = np.random.default_rng(3).normal(size=shape)
    values.reshape(-1)[:3] = [-0.0, 1e-310, 1e300][: values.size]
    return values


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_both_forms_gather_alike(shape: tuple[int, int, int], order: int) -> None:
    first, weights = seen(shape[1], order)
    one, other = (form(drawn(*shape), first, weights, SIZE) for form in twins(gathered))
    assert one.tobytes() == other.tobytes()
    np.testing.assert_allclose(one, np.einsum("anb,nm->amb", drawn(*shape), dense(first, weights)), rtol=1e-9)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_both_forms_spread_alike(shape: tuple[int, int, int], order: int) -> None:
    first, weights = seen(shape[1], order)
    lattice = drawn(shape[0], SIZE, shape[2])
    one, other = (form(lattice, first, weights) for form in twins(spread))
    assert one.tobytes() == other.tobytes()
    np.testing.assert_allclose(one, np.einsum("amb,nm->anb", lattice, dense(first, weights)), rtol=1e-9)
