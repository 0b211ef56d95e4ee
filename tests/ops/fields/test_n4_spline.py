"""The B-splines of N4, against SciPy's."""

import numpy as np
import pytest
from scipy.interpolate import BSpline

from prep_core.ops.fields.n4_spline import basis, evaluated, projected, refined

ORDERS = (1, 2, 3)
SHARE = np.array([0.0, 0.1, 0.25, 0.5, 0.6999, 0.75, 1.0])


def of_scipy(mesh: int, order: int, share: np.ndarray) -> np.ndarray:
    """(n, mesh + order) values of all splines."""
    knots = np.arange(-order, mesh + order + 1, dtype=np.float64)
    splines = BSpline(knots, np.eye(mesh + order), order)
    # The last span is open on the right in SciPy's periodic view of these knots.
    return splines(np.minimum(share * mesh, mesh * (1 - 1e-15)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("mesh", [1, 2, 8])
def test_weights_are_those_of_scipy(mesh: int, order: int) -> None:
    found = basis(SHARE, mesh, order)
    full = np.zeros((len(SHARE), mesh + order))
    for i, k in np.ndindex(found.weights.shape):
        full[i, found.first[i] + k] = found.weights[i, k]
    np.testing.assert_allclose(full, of_scipy(mesh, order, SHARE), atol=1e-12)


def test_beyond_the_ends_is_as_at_the_ends() -> None:
    beyond, ends = basis(np.array([-0.4, 1.3]), 4, 3), basis(np.array([0.0, 1.0]), 4, 3)
    assert np.array_equal(beyond.first, ends.first)
    assert np.array_equal(beyond.weights, ends.weights)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("mesh", [1, 3])
def test_twice_as_many_spans_hold_the_same_spline(mesh: int, order: int) -> None:
    lattice = np.random.default_rng(0).normal(size=(mesh + order, mesh + order, mesh + order))
    fine = refined(lattice, order)
    assert fine.shape == (2 * mesh + order,) * 3
    coarse, twice = ([basis(SHARE, spans, order)] * 3 for spans in (mesh, 2 * mesh))
    np.testing.assert_allclose(evaluated(fine, twice), evaluated(lattice, coarse), atol=1e-12)


def weight(tables: list[np.ndarray], voxel: tuple[int, ...], control_point: tuple[int, ...]) -> float:
    return float(np.prod([table[i, m] for table, i, m in zip(tables, voxel, control_point, strict=True)]))


@pytest.mark.parametrize("shape", [(5, 6), (4, 5, 6), (2, 2, 2)])
def test_sums_axis_by_axis_are_sums_of_products(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    bases = [basis(np.linspace(0, 1, n), 2, 3) for n in shape]
    tables = [of_scipy(2, 3, np.linspace(0, 1, n)) for n in shape]
    values, lattice = rng.normal(size=shape), rng.normal(size=(5,) * len(shape))
    whole = np.array([[weight(tables, at, of) for of in np.ndindex(lattice.shape)] for at in np.ndindex(shape)])
    np.testing.assert_allclose(evaluated(lattice, bases).ravel(), whole @ lattice.ravel(), atol=1e-12)
    np.testing.assert_allclose(projected(values, bases).ravel(), whole.T @ values.ravel(), atol=1e-12)
