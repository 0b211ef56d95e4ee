"""Means, covariances and correlations of channels, against NumPy and against fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prep_core.measure import CoMoments
from tests.measure.portions import exact_moments, same, sent

VALUES = hnp.arrays(np.float32, (3, 12), elements=st.floats(width=32, allow_nan=False, allow_infinity=False))


def found(parts: list[np.ndarray], weights: list[int] | None = None) -> dict[str, np.ndarray]:
    moments = CoMoments(len(parts[0]))
    for part, weight in zip(parts, weights or [1] * len(parts), strict=True):
        moments.update(part, weight)
    assert moments.count == sum(part.shape[1] for part in parts)
    assert not moments.again()
    return moments.finish()


def test_equal_numpy() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, (4, 70_000))
    values[1] += 3 * values[0]
    values[2] = 1e3 - values[0] * 1e-1
    values = (values * np.array([[1], [1e-12], [1], [1e12]])).astype(np.float32)
    ours, wide = found([values]), values.astype(np.float64)
    assert ours["mean"] == pytest.approx(wide.mean(axis=1), rel=1e-12)
    scale = np.sqrt(np.outer(wide.var(axis=1), wide.var(axis=1)))
    assert ours["covariance"] / scale == pytest.approx(np.cov(wide, ddof=0) / scale, abs=1e-12)
    assert ours["correlation"] == pytest.approx(np.corrcoef(wide), abs=1e-12)


@given(values=VALUES)
def test_covariances_are_the_fractions_correctly_rounded(values: np.ndarray) -> None:
    exact = [[Fraction(value) for value in channel.tolist()] for channel in values]
    means = [exact_moments(channel)[0] for channel in values]
    gaps = [[value - mean for value in channel] for channel, mean in zip(exact, means, strict=True)]
    wanted = [[float(sum(a * b for a, b in zip(one, two, strict=True)) / 12) for two in gaps] for one in gaps]
    ours = found([values])
    assert ours["mean"].tolist() == [float(mean) for mean in means]
    assert ours["covariance"].tolist() == wanted


@given(values=VALUES, cut=st.integers(0, 12), seed=st.integers(0, 99))
def test_order_and_grouping_change_nothing(values: np.ndarray, cut: int, seed: int) -> None:
    wanted = found([values])
    shuffled = np.random.default_rng(seed).permutation(values, axis=1)
    first, second = CoMoments(3), CoMoments(3)
    first.update(shuffled[:, :cut])
    second.update(shuffled[:, cut:])
    first = sent(first)
    first.merge(sent(second))
    assert first.count == 12
    assert same(first.finish(), wanted)
    assert same(found([shuffled[:, cut:], shuffled[:, :cut]]), wanted)


def test_weights_are_repetitions() -> None:
    rng = np.random.default_rng(3)
    parts = [rng.normal(i, 1 + i, (2, n)).astype(np.float32) for i, n in enumerate((4, 9))]
    assert same(found(parts, [5, 3]), found([np.repeat(parts[0], 5, axis=1), np.repeat(parts[1], 3, axis=1)]))


def test_what_varies_alike_has_correlation_one_and_a_constant_has_none() -> None:
    one = np.array([1, 2, 4, 8], np.float32)
    ours = found([np.stack([one, -one * np.float32(1e-30), np.full(4, 3, np.float32)])])["correlation"]
    assert ours[:2, :2].tolist() == [[1, -1], [-1, 1]]
    assert np.isnan(ours[2]).all()
    assert np.isnan(ours[:, 2]).all()
