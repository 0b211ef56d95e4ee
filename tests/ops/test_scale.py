"""Measured steps against implementations and published formulas that are not ours."""

import numpy as np
import pytest
from csbdeep.utils import normalize

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan

CT = np.random.default_rng(0).normal(0, 400, (7, 31, 33)).round().astype(np.int16)
FLOATS = (10 ** np.random.default_rng(1).uniform(-3, 4, (7, 31, 33))).astype(np.float32)
both = pytest.mark.parametrize("values", [CT, FLOATS], ids=["int16", "float32"])


def after(step: str, values: np.ndarray, per: str = "all", **params: object) -> np.ndarray:
    return apply(Recipe((Line(step, params, per=per),)), Scan(values, "ZYX")).data


@both
def test_minmax_is_the_formula(values: np.ndarray) -> None:
    x = values.astype(np.float64)
    wanted = -1 + 2 * (x - x.min()) / (x.max() - x.min())
    assert after("minmax", values, out_low=-1.0, out_high=1.0) == pytest.approx(wanted, abs=1e-6)


@both
def test_percentile_rescale_equals_csbdeep(values: np.ndarray) -> None:
    wanted = normalize(values.astype(np.float64), 3, 99.8, eps=0, dtype=np.float64)
    assert after("percentile_rescale", values, low=3.0, high=99.8, clip=False) == pytest.approx(
        wanted, abs=1e-6, rel=1e-6
    )


@both
def test_percentile_rescale_is_the_formula_of_monai(values: np.ndarray) -> None:
    """ScaleIntensityRangePercentiles: (x - a_min) / (a_max - a_min) * (b_max - b_min) + b_min, then clip."""
    x = values.astype(np.float64)
    a_min, a_max = np.percentile(x, (1, 99.8))
    wanted = np.clip((x - a_min) / (a_max - a_min) * 255, 0, 255)
    assert after("percentile_rescale", values, out_high=255.0) == pytest.approx(wanted, abs=1e-4)


@both
def test_percentile_clip_equals_numpy(values: np.ndarray) -> None:
    low, high = np.percentile(values.astype(np.float64), (0.5, 99.5)).astype(np.float32)
    assert np.array_equal(after("percentile_clip", values), np.clip(values.astype(np.float32), low, high))


@both
def test_zscore_is_the_formula_of_nnunet_and_monai(values: np.ndarray) -> None:
    x = values.astype(np.float64)
    assert after("zscore", values) == pytest.approx((x - x.mean()) / x.std(), abs=1e-6, rel=1e-6)


def test_per_plane_measures_every_plane_by_itself() -> None:
    x = FLOATS.astype(np.float64)
    wanted = (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True)
    assert after("zscore", FLOATS, per="plane") == pytest.approx(wanted, abs=1e-6, rel=1e-6)


@pytest.mark.parametrize("step", ["minmax", "percentile_rescale", "percentile_clip", "zscore"])
def test_a_constant_population_is_named(step: str) -> None:
    words = r"line 1: .* nothing to .* \(measured over image, plane 2 of 3, inside all, padding excluded\)"
    planes = np.stack([FLOATS[0], np.full((31, 33), 5, np.float32), FLOATS[1]])
    with pytest.raises(StepError, match=words):
        after(step, planes, per="plane")
