"""Bins are those of ``numpy.histogram``, in both forms."""

import numpy as np
import pytest

from prep_core.kernels.histogram import counted_bins, equal_bins, float_bins
from tests.kernels.twins import twins

RNG = np.random.default_rng(6)
STEP = 2.0**-23

VALUES = {
    "nothing": np.zeros(0),
    "noise": RNG.normal(0, 1, 9001),
    "on the edges": np.linspace(-2, 2, 4097),
    "on edges that division misses by one": np.linspace(0, 1.1, 257),
    "whole numbers": RNG.integers(-5, 20, 5000),
    "neighbours": 1 + STEP * RNG.integers(0, 30, 5000),
    "odd ones": np.resize([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, 3.4e38, -3.4e38], 4099),
}
RANGES = [
    (-2.0, 2.0, 37),
    (-2.0, 2.0, 4096),
    (0.1, 0.7, 256),
    (0.0, 1.1, 256),
    (1.0, 1 + 9 * STEP, 7),
    (-3.4e38, 3.4e38, 1),
    (3, 9, 6),
]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("ends", RANGES, ids=str)
def test_twins_are_numpy(name: str, ends: tuple[float, float, int]) -> None:
    low, high, bins = ends
    values = VALUES[name].astype(np.float32)
    wanted = np.histogram(values.astype(np.float64), bins, (low, high))[0]
    for form in twins(float_bins):
        found = form(values, np.linspace(low, high, bins + 1))
        assert found.dtype == np.int64
        assert found.tolist() == wanted.tolist()


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "u2", "i2", ">i2", "i4", "f2", "f4", ">f4", "f8"])
def test_every_dtype_and_layout(dtype: str) -> None:
    values = RNG.integers(0, 100, 140_000).astype(dtype)
    for layout in (slice(None), slice(None, None, -1), slice(5, None, 70)):
        wanted = np.histogram(values[layout].astype(np.float64), 13, (3.0, 77.7))[0]
        assert equal_bins(values[layout], 3.0, 77.7, 13).tolist() == wanted.tolist()


def test_bins_of_several_threads_add_up() -> None:
    values = np.resize(VALUES["noise"], 1 << 21).astype(np.float32)
    assert equal_bins(values, -1, 1, 9).tolist() == np.histogram(values.astype(np.float64), 9, (-1, 1))[0].tolist()


def test_counted_values_are_repeated_ones() -> None:
    values, counts = RNG.integers(-9, 9, 50), RNG.integers(0, 7, 50)
    wanted = np.histogram(np.repeat(values, counts).astype(np.float64), 5, (-4, 6))[0]
    assert counted_bins(values, counts, -4, 6, 5).tolist() == wanted.tolist()
    assert counted_bins(np.array([1, 1]), np.array([2**52, 1]), 0, 2, 1).tolist() == [2**52 + 1]


@pytest.mark.parametrize("ends", [(2.0, 1.0), (np.nan, 1.0), (0.0, np.inf)])
@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_ends_that_are_none_are_refused(ends: tuple[float, float], dtype: type) -> None:
    with pytest.raises(ValueError, match=r"must be larger|not finite"):
        equal_bins(np.zeros(1 << 17, dtype), *ends, 4)
