"""Values between voxels: both forms of each kernel, and SciPy's."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates, spline_filter1d

from prep_core.kernels.resample import POLE, cubic_across_planes, cubic_within_planes, linear
from tests.kernels.twins import twins

FORMS = ("plain", "loop")
SHAPES = ((1, 1, 1), (1, 2, 3), (2, 1, 5), (3, 5, 1), (4, 37, 70), (9, 8, 7))
ODD = (-0.0, 1e-45, -1e-40, 3.4e38, -3.4e38, 0.0)


def drawn(shape: tuple[int, ...]) -> np.ndarray:
    values = np.random.default_rng(len(shape)).normal(0, 100, shape).astype(np.float32)
    values.reshape(-1)[:: max(values.size // 5, 1)] = np.resize(
        ODD, len(values.reshape(-1)[:: max(values.size // 5, 1)])
    )
    return values


def pairs(n: int, new: int) -> tuple[np.ndarray, np.ndarray]:
    place = np.sort(np.random.default_rng(n + new).uniform(0, n - 1, new))
    place[-1] = n - 1
    before = np.minimum(place.astype(np.int64), max(n - 2, 0))
    return before, place - before


def taps(n: int, new: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n * new)
    return rng.integers(0, n, (new, 4)), rng.uniform(-0.2, 0.8, (new, 4)), POLE ** np.arange(min(n, 64), dtype=float)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("new", [(1, 1, 1), (5, 40, 3), (2, 17, 90)])
def test_both_forms_of_linear_give_the_same_bits(shape: tuple[int, ...], new: tuple[int, ...]) -> None:
    tables = [table for n, k in zip(shape, new, strict=True) for table in pairs(n, k)]
    one, other = np.full((2, *new), np.nan, np.float32)
    for form, out in zip(twins(linear), (one, other), strict=True):
        form(drawn(shape), *tables, out)
    assert one.tobytes() == other.tobytes()
    assert np.isfinite(one).all()


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_both_forms_of_linear_keep_odd_values_at_the_same_place(odd: float) -> None:
    values = np.random.default_rng(0).normal(size=(4, 9, 8)).astype(np.float32)
    values[2, 3, 4] = odd
    tables = [table for n, k in zip(values.shape, (7, 12, 11), strict=True) for table in pairs(n, k)]
    one, other = np.zeros((2, 7, 12, 11), np.float32)
    with np.errstate(invalid="ignore"):
        for form, out in zip(twins(linear), (one, other), strict=True):
            form(values, *tables, out)
    np.testing.assert_array_equal(one, other)
    assert not np.isfinite(one).all()


@pytest.mark.parametrize("form", twins(linear), ids=FORMS)
def test_linear_is_that_of_scipy(form) -> None:
    values = np.random.default_rng(1).normal(0, 100, (6, 20, 33)).astype(np.float32)
    new = (9, 35, 21)
    tables = [pairs(n, k) for n, k in zip(values.shape, new, strict=True)]
    places = np.meshgrid(*(before + share for before, share in tables), indexing="ij")
    out = np.empty(new, np.float32)
    form(values, *(table for pair in tables for table in pair), out)
    np.testing.assert_allclose(out, map_coordinates(values.astype(np.float64), places, order=1), rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("new", [(1, 1), (40, 3), (17, 90)])
def test_both_forms_within_planes_give_the_same_bits(shape: tuple[int, ...], new: tuple[int, ...]) -> None:
    values = drawn(shape)
    tables = [table for n, k in zip(shape[1:], new, strict=True) for table in taps(n, k)]
    one, other = np.full((2, shape[0], *new), np.nan, np.float32)
    for form, out in zip(twins(cubic_within_planes), (one, other), strict=True):
        form(values, *tables, out)
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("new", [1, 11])
@pytest.mark.parametrize(
    ("shape", "start", "stop"), [((1, 5), 0, 5), ((2, 9), 3, 7), ((40, 4000), 3, 3999), ((3, 4), 2, 2)]
)
def test_both_forms_across_planes_give_the_same_bits(shape: tuple[int, int], start: int, stop: int, new: int) -> None:
    values = drawn(shape)
    one, other = np.full((2, new, shape[1]), 7, np.float32)
    for form, out in zip(twins(cubic_across_planes), (one, other), strict=True):
        form(values, *taps(shape[0], new), start, stop, out)
    assert one.tobytes() == other.tobytes()
    assert (one[:, :start] == 7).all()
    assert (one[:, stop:] == 7).all()


@pytest.mark.parametrize("form", twins(cubic_across_planes), ids=FORMS)
@pytest.mark.parametrize("n", [2, 3, 30, 200])
def test_control_points_are_those_of_scipy(form, n: int) -> None:
    """Seen one by one, each with the weight 1."""
    values = np.random.default_rng(n).normal(size=(n, 40)).astype(np.float32)
    powers = np.arange(400)
    around = powers % (2 * n - 2)
    ends = np.bincount(np.minimum(around, 2 * n - 2 - around), POLE ** powers.astype(float))[:64]
    seen = np.repeat(np.arange(n)[:, None], 4, axis=1)
    out = np.empty_like(values)
    form(values, seen, np.tile([1.0, 0.0, 0.0, 0.0], (n, 1)), ends, 0, 40, out)
    expected = spline_filter1d(values.astype(np.float64), 3, axis=0, mode="mirror")
    np.testing.assert_allclose(out, expected, rtol=1e-6, atol=1e-6)
