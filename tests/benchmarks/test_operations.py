"""Our own operations at three sizes: pytest tests/benchmarks --benchmark-only.

For the same against other libraries see `python -m tests.benchmarks.speed`.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from prep_core import Scan, inspect
from prep_core.inspection import percentiles
from tests.benchmarks.speed import arrays
from tests.benchmarks.speed.cases import applied

PERCENTS = (0.1, 0.5, 1.0, 2.0, 5.0, 50.0, 95.0, 98.0, 99.0, 99.5, 99.9)
SIDES = (64, 128, 256)
PLANES = (512, 1024, 2048)
VOXELS_MM = (4.0, 2.0, 1.0)

MR: Mapping[str, str] = {
    "percentile_rescale": "- {step: percentile_rescale, low: 1, high: 99.8}",
    "zscore": "- step: zscore",
    "equalize": "- step: equalize",
    "pointwise chain": "- {step: percentile_rescale, low: 1, high: 99.8}\n- {step: gamma, gamma: 0.7}\n- step: zscore",
}
OF_A_HEAD: Mapping[str, str] = {
    "white_stripe": "- {step: white_stripe, inside: positive}",
    "n4": "- {step: n4, inside: foreground}",
    "resample linear": "- {step: resample, spacing: [SIZE, SIZE, SIZE], antialias: false}",
    "resample bspline": "- {step: resample, spacing: [SIZE, SIZE, SIZE], interpolation: bspline, antialias: false}",
}


@cache
def _mr(side: int) -> Scan:
    return arrays.scan_of(arrays.mr(side))


@cache
def _ct(side: int) -> Scan:
    return arrays.scan_of(arrays.ct(side))


@cache
def _head(mm: float) -> Scan:
    return arrays.scan_of(arrays.head(mm).scan.data, mm)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("scan", [_mr, _ct], ids=["float32", "int16"])
def test_percentiles(benchmark: BenchmarkFixture, scan: Callable[[int], Scan], side: int) -> None:
    values = scan(side).data.reshape(-1)
    found = benchmark(percentiles, values, PERCENTS)
    np.testing.assert_allclose(found, np.percentile(values, PERCENTS), rtol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_inspect(benchmark: BenchmarkFixture, side: int) -> None:
    assert benchmark(inspect, _mr(side)).max == float(_mr(side).data.max())


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", MR)
def test_lines_on_mr(benchmark: BenchmarkFixture, name: str, side: int) -> None:
    assert np.isfinite(benchmark(applied(MR[name], _mr(side)))).all()


@pytest.mark.parametrize("side", SIDES)
def test_window(benchmark: BenchmarkFixture, side: int) -> None:
    result = benchmark(applied("- {step: window, center: 40, width: 400}", _ct(side)))
    np.testing.assert_allclose(result, np.clip((_ct(side).data + 160.0) / 400, 0, 1), atol=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_decibel(benchmark: BenchmarkFixture, side: int) -> None:
    scan = arrays.scan_of(arrays.oct_intensity(side))
    assert benchmark(applied("- {step: decibel, reference: maximum}", scan)).max() == 0


@pytest.mark.parametrize("side", PLANES)
def test_clahe(benchmark: BenchmarkFixture, side: int) -> None:
    plane = arrays.scan_of(arrays.radiograph(side))
    result = benchmark(applied("- {step: clahe, engine: fast}", plane))
    assert 0 <= result.min() < result.max() <= 1


@pytest.mark.parametrize("mm", VOXELS_MM)
@pytest.mark.parametrize("name", OF_A_HEAD)
def test_lines_on_a_head(benchmark: BenchmarkFixture, name: str, mm: float) -> None:
    lines = OF_A_HEAD[name].replace("SIZE", str(1.5 * mm))
    assert np.isfinite(benchmark(applied(lines, _head(mm)))).all()
