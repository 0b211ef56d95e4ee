"""Percentiles by counting equal NumPy's, to the last bit."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from prep_core.measure import Percentiles
from tests.measure.portions import DTYPES, portions

PERCENTS = (0.0, 0.1, 1.0, 33.3, 50.0, 99.9, 100.0)


def counted(parts: list[NDArray[Any]]) -> list[float]:
    counter = Percentiles(**{str(p): p for p in PERCENTS})
    for part in parts:
        counter.update(part)
    while counter.again():
        for part in parts:
            counter.update(part)
    return list(counter.finish().values())


def merged(parts: list[NDArray[Any]]) -> list[float]:
    """As workers do it: one accumulator a part, merged after each pass."""
    counters = []
    for part in parts:
        counters.append(Percentiles(**{str(p): p for p in PERCENTS}))
        counters[-1].update(part)
    first, *others = counters
    for other in others:
        first.merge(other)
    while first.again():
        for part in parts:
            first.update(part)
    return list(first.finish().values())


def numpy_says(parts: list[NDArray[Any]]) -> list[float]:
    return list(np.percentile(np.concatenate([p.astype(np.float64) for p in parts]), PERCENTS))


@given(parts=portions())
def test_equals_numpy_on_the_pool(parts: list[NDArray[Any]]) -> None:
    assert counted(parts) == numpy_says(parts)


@given(parts=portions(), seed=st.integers(0, 99))
def test_order_and_grouping_change_nothing(parts: list[NDArray[Any]], seed: int) -> None:
    shuffled = [parts[i] for i in np.random.default_rng(seed).permutation(len(parts))]
    assert counted(shuffled) == merged(parts) == counted(parts)


@pytest.mark.parametrize("dtype", DTYPES)
def test_equals_numpy_on_many_values(dtype: str) -> None:
    rng = np.random.default_rng(0)
    values = (10 ** rng.uniform(-6, 4, 600_001) * rng.choice([-1, 1], 600_001)).astype(np.float32)
    if dtype != "float32":
        limits = np.iinfo(dtype)
        values = rng.integers(limits.min, limits.max, 600_001, endpoint=True).astype(dtype)
    cuts = (0, 1, 300_000, 600_001)
    parts = [values[a:b] for a, b in pairwise(cuts)]
    assert counted(parts) == numpy_says(parts)


def test_signed_zeros_and_one_value() -> None:
    assert counted([np.array([-0.0, 0.0, 0.0], np.float32)]) == [0.0] * len(PERCENTS)
    assert counted([np.array([7.5], np.float32)]) == [7.5] * len(PERCENTS)
