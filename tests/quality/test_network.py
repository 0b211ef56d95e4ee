"""What a network sees of each band, on results whose shares can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from prep_core.quality.network import HU_EDGES, band_edges, bands, seen

KINDS = ("voxels", "range", "variance", "loss", "gradient")
EIGHT_DECADES = 10.0 ** np.linspace(-8, 0, 8001)


def test_a_linear_scale_gives_nearly_all_to_the_brightest_decade_and_a_logarithm_shares() -> None:
    edges = tuple(10.0 ** np.arange(-8, 1))
    linear = bands(EIGHT_DECADES, EIGHT_DECADES, edges)
    assert [band.voxels for band in linear] == pytest.approx([1 / 8] * 8, abs=1e-3)
    assert linear[-1].range == pytest.approx(0.9, abs=2e-3)
    # The mean of y^2 over a decade of a log-uniform y falls by 100 from decade to decade.
    assert linear[-1].loss == pytest.approx(0.99, abs=2e-3)
    assert linear[-1].gradient == pytest.approx(0.9, abs=2e-3)
    logarithm = bands(EIGHT_DECADES, np.log10(EIGHT_DECADES), edges)
    assert [band.range for band in logarithm] == pytest.approx([1 / 8] * 8, abs=1e-3)


def test_shares_of_two_values_by_hand() -> None:
    low, high = bands(np.array([1, 1, 1, 5]), np.array([0.0, 0, 0, 2]), (1.0, 3.0, 5.0))
    assert (low.voxels, high.voxels) == (0.75, 0.25)
    assert (low.loss, high.loss) == (0, 1)
    assert (low.variance, high.variance) == pytest.approx((0.75 / 3, 2.25 / 3))
    assert (low.range, high.range) == pytest.approx((0.5, 0.5), abs=1e-3)


@given(
    arrays(np.float32, 50, elements=st.floats(-1000, 3000, width=32)),
    arrays(np.float32, 50, elements=st.floats(-5, 5, width=32)),
    st.sampled_from(["HU", "a.u."]),
)
def test_each_kind_of_share_adds_to_one(raw: np.ndarray, result: np.ndarray, unit: str) -> None:
    result[:2] = (-1, 1)
    found = bands(raw, result, band_edges(raw, unit))
    for kind in KINDS:
        assert sum(getattr(band, kind) for band in found) == pytest.approx(1)
    assert found[0].low == raw.min()
    assert found[-1].high == raw.max()


def test_raw_linear_and_recipe_follow_their_formulas() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    raw = rng.uniform(-1000, 3000, 5000).astype(np.float32)
    result = np.tanh(raw / 1000).astype(np.float32)
    edges = (-1000.0, 0.0, 500.0, float(raw.max()))
    found = seen(raw, result, edges)
    wide = raw.astype(np.float64)
    linear = (wide - wide.min()) / (wide.max() - wide.min())
    for shares, y in ((found.raw, wide), (found.linear, linear), (found.recipe, result.astype(np.float64))):
        for band, inside in zip(shares, (raw < 0, (raw >= 0) & (raw < 500), raw >= 500), strict=True):
            assert band.voxels == pytest.approx(inside.mean())
            assert band.variance == pytest.approx(((y[inside] - y.mean()) ** 2).sum() / ((y - y.mean()) ** 2).sum())
            assert band.loss == pytest.approx((y[inside] ** 2).sum() / (y**2).sum())
            assert band.gradient == pytest.approx(np.abs(y[inside]).sum() / np.abs(y).sum())
    # A straight line changes neither the shares of the range nor those of the variance.
    for stored, scaled in zip(found.raw, found.linear, strict=True):
        assert (scaled.range, scaled.variance) == (
            pytest.approx(stored.range, abs=1e-3),
            pytest.approx(stored.variance),
        )
    assert found.recipe[0].range == pytest.approx(np.tanh(1) / (np.tanh(1) + np.tanh(3)), abs=3e-3)
    with pytest.raises(ValueError, match="no spread"):
        seen(np.ones(3), np.arange(3), (0.0, 2.0))


def test_bands_are_decades_tissues_or_even() -> None:
    assert band_edges(np.array([-1024.0, 3071]), "HU") == (-1024, *HU_EDGES, 3071)
    assert band_edges(EIGHT_DECADES, "a.u.")[1:-1] == pytest.approx(10.0 ** np.arange(-7, 0))
    assert band_edges(np.append(EIGHT_DECADES, 5.0), "a.u.")[-2:] == pytest.approx((0.1, 5))
    zeros = np.concatenate([[0.0], EIGHT_DECADES])
    assert band_edges(zeros, "a.u.")[:2] == pytest.approx((0, 1e-8))
    assert band_edges(np.array([-4.0, 4]), "a.u.") == pytest.approx(tuple(range(-4, 5)))
    assert band_edges(np.zeros(3), "a.u.") == (0, 0)


def test_a_result_without_spread_is_said() -> None:
    with pytest.raises(ValueError, match="2 everywhere"):
        bands(np.arange(3), np.full(3, 2.0), (0.0, 2.0))
    with pytest.raises(ValueError, match="as many voxels"):
        bands(np.arange(3), np.arange(2), (0.0, 2.0))
