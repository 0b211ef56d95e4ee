"""Mean and standard deviation are the true ones, whatever the order, the grouping and the weights."""

import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prep_core.measure import Moments
from tests.measure.portions import Parts, by_workers, exact_moments, one_after_the_other, pooled, portions, repeated

TINY = np.float32(2.0**-149)
HUGE = np.finfo(np.float32).max


def numpy_says(values: np.ndarray) -> dict[str, float]:
    wide = values.astype(np.float64)
    return {"mean": wide.mean(), "std": wide.std()}


@given(parts=portions(), weights=st.lists(st.integers(1, 20), min_size=4, max_size=4))
@example(parts=[np.array([TINY, HUGE, -HUGE, 1.0], np.float32)], weights=[1, 1, 1, 1])
@example(parts=[np.array([-HUGE, HUGE], np.float32), np.array([7], np.int8)], weights=[1, 1, 1, 1])
def test_are_the_fractions_correctly_rounded(parts: Parts, weights: list[int]) -> None:
    weights = weights[: len(parts)]
    mean, variance = exact_moments(pooled(repeated(parts, weights)))
    found = one_after_the_other(Moments, parts, weights)
    assert found == {"mean": float(mean), "std": math.sqrt(variance)}
    assert by_workers(Moments, parts[::-1], weights[::-1]) == found


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_equal_numpy_in_float64(offset: float) -> None:
    values = (np.random.default_rng(0).normal(0, 3, 700_001) + offset).astype(np.float32)
    found = one_after_the_other(Moments, np.array_split(values, 7))
    assert found == pytest.approx(numpy_says(values), rel=1e-12)
    assert found["mean"] == math.fsum(values.tolist()) / values.size


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "float32"])
def test_the_blocks_of_a_large_portion_add_up(dtype: str) -> None:
    rng = np.random.default_rng(2)
    values = (10 ** rng.uniform(-6, 2, 40_003)).astype(np.float32)
    if dtype != "float32":
        values = rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, 40_003, endpoint=True).astype(dtype)
    mean, variance = exact_moments(values)
    assert one_after_the_other(Moments, [values]) == {"mean": float(mean), "std": math.sqrt(variance)}


@pytest.mark.parametrize("sizes", [(5, 0, 300_000, 17), (1, 1, 1, 1)])
def test_where_portions_are_cut_changes_nothing(sizes: Sequence[int]) -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(i, 2, n).astype(np.float32) for i, n in enumerate(sizes)]
    pool = np.concatenate(parts)
    wanted = one_after_the_other(Moments, [pool])
    assert wanted == pytest.approx(numpy_says(pool), rel=1e-12)
    for order in ((3, 1, 0, 2), (2, 0, 3, 1)):
        assert by_workers(Moments, [parts[i] for i in order]) == wanted
    assert one_after_the_other(Moments, [rng.permutation(pool)]) == wanted


def test_numbers_of_more_bits_are_measured_as_float32() -> None:
    values = [2**24 + 1, 5, 123456789]
    wide = [float(np.float32(value)) for value in values]
    wanted = {"mean": statistics.mean(wide), "std": pytest.approx(statistics.pstdev(wide), rel=1e-15)}
    for dtype in ("int32", "int64", "float64"):
        assert one_after_the_other(Moments, [np.array(values, dtype)]) == wanted


def test_equal_voxels_have_no_spread_at_all() -> None:
    values = np.full(100_000, 0.1, np.float32)
    assert one_after_the_other(Moments, [values]) == {"mean": float(np.float32(0.1)), "std": 0.0}


@pytest.mark.parametrize("value", [1e39, np.inf, np.nan])
def test_what_has_no_float32_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"has values beyond float32 .* put a rescale above it"):
        Moments().update(np.array([1.0, value]))
