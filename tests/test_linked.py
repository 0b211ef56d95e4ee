"""Linked histograms: which values the voxels of a bin have elsewhere, against NumPy and by hand."""

import numpy as np
import pytest

from prep_core.binning import binned
from prep_core.inspection import Histogram
from prep_core.line import Line
from prep_core.linked import PERCENTS, Bands, bin_of, by_voxels, ends, quantiles, through
from prep_core.running import Done, run_lines
from prep_core.scan import Scan

RNG = np.random.default_rng(0)
DATA = RNG.integers(-1024, 3072, (4, 20, 24)).astype(np.int16)
SCAN = Scan(DATA, "ZYX", unit="HU", modality="CT", name="chest")


def carried(lines: list[Line], scan: Scan = SCAN) -> list[Done]:
    return list(run_lines(lines, scan, alone=True))


def test_bins_are_those_of_numpy() -> None:
    histogram = binned(DATA.reshape(-1), "HU")
    at = bin_of(histogram, DATA.reshape(-1))
    np.testing.assert_array_equal(np.bincount(at, minlength=len(histogram.counts)), histogram.counts)
    by_hand = Histogram(np.array([0.0, 1.0, 2.0]), np.array([1, 2]), "1")
    assert bin_of(by_hand, np.array([-0.1, 0.0, 1.0, 2.0, 2.1, np.nan])).tolist() == [-1, 0, 1, 1, -1, -1]


def test_a_value_at_an_edge_is_in_the_bin_above_however_the_edge_is_rounded() -> None:
    edges = np.linspace(-0.3, 0.7, 257)
    values = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    expected = np.digitize(values, edges) - 1
    expected[values == edges[-1]] = 255
    expected[values > edges[-1]] = -1
    np.testing.assert_array_equal(bin_of(Histogram(edges, np.ones(256, np.int64), "1"), values), expected)


def test_ends_of_integers_are_whole() -> None:
    histogram = Histogram(np.array([-0.5, 1.5, 3.5]), np.array([1, 1]), "HU")
    assert [end.tolist() for end in ends(histogram, whole=True)] == [[0, 2], [1, 3]]
    assert [end.tolist() for end in ends(histogram, whole=False)] == [[-0.5, 1.5], [1.5, 3.5]]


def test_bands_are_the_extremes_of_each_bin() -> None:
    at = np.array([0, 0, 2, -1, 2])
    bands = by_voxels(at, 3, np.array([3.0, 1.0, np.nan, 9.0, 7.0]))
    np.testing.assert_array_equal(bands.low, [1, np.nan, 7])
    np.testing.assert_array_equal(bands.high, [3, np.nan, 7])
    turned = Bands.of(np.array([2.0, np.nan]), np.array([1.0, 5.0]))
    assert (turned.low.tolist(), turned.high.tolist()) == ([1, 5], [2, 5])


def test_a_pointwise_line_is_a_function_of_the_value() -> None:
    lines = carried([Line("clip", {"low": -160, "high": 240}), Line("rescale", {"subtract": -160, "divide": 400})])
    asked = np.array([-1024.0, -160.0, 40.0, 3071.0])
    expected = (np.clip(asked, -160, 240) + 160) / 400
    answer = through(lines, SCAN.take({"Z": 1}), asked)
    assert answer == pytest.approx(expected, abs=1e-6)


def test_a_measured_pointwise_line_uses_what_it_measured() -> None:
    answer = through(carried([Line("zscore")]), SCAN.take({"Z": 0}), np.array([0.0, 100.0]))
    assert answer == pytest.approx((np.array([0.0, 100.0]) - DATA.mean()) / DATA.std(), rel=1e-4)


@pytest.mark.parametrize(
    "line", [Line("gaussian", {"lengths_in": "px"}), Line("zscore", per="plane"), Line("threshold_mask")]
)
def test_other_lines_are_no_function_of_the_value(line: Line) -> None:
    assert through(carried([line]), SCAN, np.array([0.0])) is None


def test_quantiles_are_those_of_the_voxels_that_the_line_measures() -> None:
    every = quantiles(Line("percentile_clip"), SCAN, {"Z": 2})
    assert every == pytest.approx(np.percentile(DATA, PERCENTS))
    plane = quantiles(Line("percentile_clip", per="plane"), SCAN, {"Z": 2})
    assert plane == pytest.approx(np.percentile(DATA[2], PERCENTS))
    positive = quantiles(Line("percentile_clip", inside="positive"), SCAN, {})
    assert positive == pytest.approx(np.percentile(DATA[DATA > 0], PERCENTS))
    with pytest.raises(ValueError, match="no voxels to measure inside positive"):
        quantiles(Line("percentile_clip", inside="positive"), Scan(-np.ones((2, 2), np.float32), "YX"), {})
