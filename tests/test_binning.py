"""Bins against numpy.histogram: the counts are right, and no bin holds more levels than another."""

from typing import Literal

import numpy as np
import pytest

from prep_core.binning import binned, decibel_binned
from prep_core.inspection import BINS, raw_histogram
from prep_core.samples import load_sample


def levels_in(edges: np.ndarray, levels: np.ndarray) -> set[int]:
    """How many of all possible levels lie in the bins; the last bin may end beyond the largest."""
    return set(np.histogram(levels, edges)[0][:-1].tolist())


@pytest.mark.parametrize("name", ["ct_chest", "us_phantom"])
def test_integers_of_real_scans_are_counted_in_bins_of_as_many_levels(name: str) -> None:
    scan = load_sample(name)
    values = scan.data[scan.valid]
    histogram = binned(values, scan.unit)
    np.testing.assert_array_equal(histogram.counts, np.histogram(values, histogram.edges)[0])
    assert histogram.counts.sum() == values.size
    assert len(histogram.counts) <= BINS + 1
    assert len(levels_in(histogram.edges, np.arange(int(values.min()), int(values.max()) + 1))) == 1


@pytest.mark.parametrize("low_high", [(0.0, 1.0), (-160.0, 240.0), (0.0, 1e-3)])
def test_a_linear_result_of_integers_keeps_even_bins(low_high: tuple[float, float]) -> None:
    numbers = np.random.default_rng(1).integers(0, 401, 20_000)
    numbers[:2] = 0, 400
    low, high = low_high
    values = (low + numbers.astype(np.float32) / 400 * (high - low)).astype(np.float32)
    histogram = binned(values, "1")
    assert histogram.counts.sum() == values.size
    assert len(levels_in(histogram.edges, low + np.arange(401) / 400 * (high - low))) == 1
    np.testing.assert_allclose(histogram.counts, np.histogram(numbers, np.arange(0, 403, 2) - 0.5)[0])


def test_continuous_values_have_bins_of_equal_width_over_their_range() -> None:
    values = np.random.default_rng(2).normal(size=5000).astype(np.float32)
    histogram = binned(values, "a.u.")
    expected, edges = np.histogram(values, BINS, (float(values.min()), float(values.max())))
    np.testing.assert_allclose(histogram.edges, edges, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(histogram.counts, expected)


def test_two_uneven_levels_are_continuous_and_one_level_has_a_bin() -> None:
    assert binned(np.array([0.0, 0.1, 1.0 / 3, 1.0], np.float32), "1").counts.sum() == 4
    assert binned(np.full(9, 0.25, np.float32), "1").counts.sum() == 9


@pytest.mark.parametrize(("quantity", "decade"), [("power", 10), ("amplitude", 20)])
def test_decibels_of_integers_have_no_empty_bin_between_small_ones(
    quantity: Literal["power", "amplitude"], decade: int
) -> None:
    values = np.repeat(np.arange(-3, 256), 2).astype(np.int16)
    histogram = decibel_binned(values, 255.0, quantity, bins=64)
    assert histogram.left_out == 2 * 4
    assert histogram.counts.sum() == 2 * 255
    assert (histogram.counts > 0).all()
    level = decade * np.log10(values[values > 0] / 255.0)
    np.testing.assert_array_equal(histogram.counts, np.histogram(level, histogram.edges)[0])


def test_decibels_of_floats_are_those_of_inspection() -> None:
    values = np.array([0.0, 1e-3, 1.0, 10.0], np.float32)
    histogram = decibel_binned(values, 10.0, "power")
    assert (histogram.edges[0], histogram.edges[-1], histogram.left_out) == (-40, 0, 1)
    assert decibel_binned(np.array([-1, 0], np.int16), 10.0, "power").left_out == 2


@pytest.mark.parametrize(
    "values",
    [
        np.float64(1e16) + np.arange(10) % 5 * 2,
        np.array([1e300, np.nextafter(1e300, np.inf)]),
        np.array([0.0, 5e-324]),
        np.array([-3e38, 3e38], np.float32),
        np.full(3, 1e30, np.float32),
        np.array([16777216.0, 16777218.0], np.float32),
    ],
    ids=["near", "next", "denormal", "far", "same", "float32"],
)
def test_bins_have_a_width_however_near_the_values_are(values: np.ndarray) -> None:
    for histogram in (binned(values, "1"), raw_histogram(values, "1")):
        assert (np.diff(histogram.edges) > 0).all()
        assert histogram.counts.sum() == values.size
        assert histogram.edges[0] <= values.min() <= values.max() <= histogram.edges[-1]
