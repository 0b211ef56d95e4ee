"""The passes of N4 over its voxels, against sums over fractions and NumPy's interp."""

from fractions import Fraction

import numpy as np
import pytest

from prep_core.kernels.n4_histogram import left_over, shared_counts
from tests.kernels.twins import twins

SIZES = (1, 2, 7, 5000)


def values(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).gamma(2.0, 1.5, size) - 1.0


def placed(size: int, bins: int) -> tuple[np.ndarray, float, float]:
    """Values, the first centre, and the width with which the last value lies at the last centre."""
    drawn = values(size)
    width = (drawn.max() - drawn.min()) / (bins - 1) or 1.0
    return drawn, float(drawn.min()), float(width)


@pytest.mark.parametrize("bins", [16, 200, 1000])
@pytest.mark.parametrize("size", SIZES)
def test_both_forms_count_alike(size: int, bins: int) -> None:
    one, other = (form(*placed(size, bins), bins) for form in twins(shared_counts))
    assert one.tobytes() == other.tobytes()
    assert one.shape == (bins,)


@pytest.mark.parametrize("bins", [16, 200, 1000])
@pytest.mark.parametrize("size", SIZES)
def test_both_forms_leave_the_same(size: int, bins: int) -> None:
    sharpened = np.sort(values(bins, seed=1))
    sharpened[3] = -0.0
    one, other = (form(*placed(size, bins), sharpened) for form in twins(left_over))
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("form", twins(shared_counts), ids=["plain", "loop"])
def test_each_value_is_shared_by_the_bins_around_it(form) -> None:
    given = np.array([0.0, 0.25, 1.0, 1.5, 2.9990234375, 3.0, 3.5])
    expected = [Fraction(0)] * 4
    for value in map(Fraction, given):
        below = min(int(value), 3)
        share = value - below if below < 3 else Fraction(0)
        expected[below] += 1 - share
        if share:
            expected[below + 1] += share
    assert form(given, 0.0, 1.0, 4).tolist() == [float(each) for each in expected]


@pytest.mark.parametrize("form", twins(left_over), ids=["plain", "loop"])
def test_what_is_left_is_what_numpy_interp_leaves(form) -> None:
    given, low, width = placed(400, 50)
    sharpened = values(50, seed=2)
    expected = given - np.interp(given, low + width * np.arange(50), sharpened)
    np.testing.assert_allclose(form(given, low, width, sharpened), expected, atol=1e-12)
