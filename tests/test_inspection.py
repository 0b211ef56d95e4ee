"""What is said of a scan, against hand-made numbers and NumPy."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.findings import quick
from prep_core.inspection import decibel_histogram, depth_profile, inspect, linear_histogram, raw_histogram
from prep_core.scan import Finding, Scan, voxel_affine


def test_summary_equals_numpy_over_valid_voxels() -> None:
    data = np.random.default_rng(0).normal(100, 400, (5, 30, 31)).astype(np.int16)
    data[:, :3] = -2048
    scan = Scan(data, "ZYX", voxel_affine((2.5, 1.0, 0.5)), True, "HU", "CT", valid=data != -2048, name="chest")
    s, x = inspect(scan), data[data != -2048].astype(np.float64)
    assert (s.min, s.max, s.mean, s.std) == pytest.approx((x.min(), x.max(), x.mean(), x.std()))
    assert list(s.percentiles) == ["0.1", "1", "50", "99", "99.9"]
    assert list(s.percentiles.values()) == list(np.percentile(x, (0.1, 1, 50, 99, 99.9)))
    assert (s.zeros, s.negatives, s.invalid) == pytest.approx(((x == 0).mean(), (x < 0).mean(), 0.1))
    positive = x[x > 0]
    assert s.decades == pytest.approx(np.log10(positive.max() / np.percentile(positive, 0.1)))
    assert (s.name, s.axes, s.shape, s.spacing) == ("chest", "ZYX", (5, 30, 31), (2.5, 1.0, 0.5))
    assert json.loads(json.dumps(s.plain()))["dtype"] == "int16"


def test_complex_values_are_measured_by_their_magnitude() -> None:
    s = inspect(Scan(np.array([[3 + 4j, 0]], np.complex64), "YX"))
    assert (s.min, s.max, s.dtype) == (0, 5, "complex64")


def test_findings_of_the_reader_come_before_others_of_their_level_and_are_not_repeated() -> None:
    told = Finding("padding", "note", "x", "y")
    scan = Scan(np.full((2, 2), 7.0), "YX", findings=(told, *quick(Scan(np.full((2, 2), 7.0), "YX"))))
    assert [finding.name for finding in inspect(scan).findings] == ["constant", "padding"]
    record = json.loads(json.dumps(inspect(scan).plain()))["findings"]
    assert record[0].keys() == {"name", "level", "evidence", "advice", "step", "params"}


@pytest.mark.parametrize("size", [1e308, 1e200, 1e-200, 1e-310])
def test_values_beyond_float32_are_summarised_as_numpy_does(size: float) -> None:
    x = np.random.default_rng(0).uniform(0.1, 1, (20, 20)) * size
    s = inspect(Scan(x, "YX"))
    assert (s.min, s.max) == (x.min(), x.max())
    assert s.mean / size == pytest.approx((x / size).mean(), rel=1e-6)
    assert s.std / size == pytest.approx((x / size).std(), rel=1e-6)
    assert s.percentiles["50"] / size == pytest.approx(np.percentile(x / size, 50), rel=1e-6)
    assert s.decades == pytest.approx(np.log10(x.max() / np.percentile(x, 0.1)), rel=1e-6)


def test_a_value_that_float32_takes_for_zero_has_decades_all_the_same() -> None:
    assert inspect(Scan(np.array([[1e-60] * 9, [1.0] * 9]), "YX")).decades == pytest.approx(60)


def test_nothing_valid_and_nothing_positive() -> None:
    with pytest.raises(ValueError, match="dark has no valid voxel: all of it is padding or not finite"):
        inspect(Scan(np.full((2, 2), np.nan), "YX", name="dark"))
    assert inspect(Scan(np.full((2, 2), -1.0), "YX")).decades is None


@given(low=st.integers(-3000, 3000), span=st.integers(0, 5000))
def test_bins_of_integers_are_whole_and_equal(low: int, span: int) -> None:
    values = np.arange(low, low + span + 1).astype(np.int16)
    histogram = raw_histogram(values, "HU")
    assert len(np.unique(np.diff(histogram.edges))) == 1
    assert histogram.counts[:-1].tolist() == [histogram.counts[0]] * (len(histogram.counts) - 1)
    assert histogram.counts.sum() == values.size


def test_histograms_of_the_same_voxels() -> None:
    values = np.array([0.0, -1.0, 1e-3, 1.0, 10.0, 10.0], np.float32)
    raw = raw_histogram(values, "a.u.")
    linear = linear_histogram(raw, -1.0, 10.0)
    assert (linear.edges[0], linear.edges[-1]) == (0, 1)
    assert linear.counts.sum() == raw.counts.sum() == 6
    level = decibel_histogram(values, 10.0, "power")
    assert (level.left_out, level.counts.sum()) == (2, 4)
    assert (level.edges[0], level.edges[-1]) == (-40, 0)
    assert level.counts[-1] == 2
    assert decibel_histogram(values, 10.0, "amplitude").edges[0] == -80
    assert decibel_histogram(-values, 0.0, "power").left_out == 6


def test_a_constant_scan_has_a_histogram() -> None:
    for dtype in ("float32", "uint8"):
        assert raw_histogram(np.full(9, 7, dtype), "1").counts.sum() == 9


def test_depth_profile_is_the_mean_over_what_is_valid() -> None:
    data = np.array([[1, 3], [10, 99], [5, 5]], np.float32)
    valid = np.array([[1, 1], [1, 0], [0, 0]], bool)
    assert depth_profile(Scan(data, "YX", valid=valid)).tolist() == [2, 10, pytest.approx(np.nan, nan_ok=True)]
    intensity = depth_profile(Scan(np.array([[3 + 4j, 0]], np.complex64), "YX"))
    assert intensity.tolist() == [12.5]


def test_it_can_be_stopped_between_two_passes() -> None:
    class Stopped(Exception):
        pass

    heard: list[str] = []

    def told(what: str) -> None:
        heard.append(what)
        if len(heard) == 2:
            raise Stopped

    scan = Scan(np.arange(12, dtype=np.float32).reshape(3, 4), "YX")
    with pytest.raises(Stopped):
        inspect(scan, told)
    assert heard == ["percentiles", "mean and spread"]
    assert inspect(scan, heard.append) == inspect(scan)
