"""Otsu's threshold, in portions and against scikit-image."""

import math

import numpy as np
import pytest
from skimage.filters import threshold_otsu

from prep_core.measure import Otsu

RNG = np.random.default_rng(8)
TWO = np.concatenate([RNG.normal(20, 5, 4000), RNG.normal(90, 12, 2500)])
KINDS = ("float64", "float32", "uint8", "int16", "uint16", "int32")


def threshold(*portions: np.ndarray) -> float:
    accumulator = Otsu()
    for _ in range(2):
        for portion in portions:
            accumulator.update(portion)
        if not accumulator.again():
            break
    return accumulator.finish()["threshold"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_threshold_is_that_of_scikit_image(kind: str) -> None:
    values = TWO.clip(0).astype(kind)
    wide = values.astype(np.float64) if values.dtype.kind == "f" else values
    assert threshold(values) == threshold_otsu(wide)


@pytest.mark.parametrize("kind", KINDS)
def test_portions_and_merging_change_nothing(kind: str) -> None:
    values = TWO.clip(0).astype(kind)
    whole = threshold(values)
    assert threshold(values[4000:], values[:100], values[100:4000]) == whole
    first, second = Otsu(), Otsu()
    first.update(values[:3000])
    second.update(values[3000:])
    first.merge(second)
    assert first.count == values.size
    assert first.again()
    other = Otsu()
    other.merge(first)
    assert other.again()
    first.update(values[:3000])
    other.update(values[3000:])
    first.merge(other)
    assert not first.again()
    assert first.finish()["threshold"] == whole


def test_integers_of_a_wide_range_are_put_into_bins() -> None:
    values = (TWO.clip(0) * 1e6).astype(np.int64)
    assert threshold(values) == threshold_otsu(values.astype(np.float64))


def test_integers_and_floats_are_measured_together() -> None:
    low, high = TWO[:4000].round().astype(np.int16), TWO[4000:]
    assert threshold(low, high) == threshold_otsu(np.concatenate([low.astype(np.float64), high]))


@pytest.mark.parametrize("ends", [(-3e38, 3e38), (1e6, 1e6 + 0.0625), (1e-40, 3e-40)])
def test_the_ends_of_float32_have_a_threshold(ends: tuple[float, float]) -> None:
    values = np.repeat(np.float32(ends), 50)
    assert values.min() <= threshold(values) < values.max()


def test_one_value_has_no_threshold() -> None:
    assert math.isnan(threshold(np.full(9, 4.0, np.float32)))
