"""Histograms of many scans on one axis, against NumPy."""

import numpy as np
import pytest

from prep_core.inspection import inspect
from prep_core.quality.overlaid import BINS, decibel_axis, ends_of, linear_axis, raw_charts, wide
from prep_core.scan import Scan, voxel_affine
from prep_core.training_set import InMemory


def image(data: np.ndarray, name: str = "scan") -> Scan:
    return Scan(data, "YX", voxel_affine(), name=name)


def test_bins_of_integers_are_whole_so_that_no_comb_appears() -> None:
    scans = [image(np.arange(low, low + 1024, dtype=np.int16).reshape(32, 32), f"{low}") for low in (0, -500)]
    (linear,) = raw_charts(InMemory(scans))
    width = (linear.axis.high - linear.axis.low) / linear.axis.bins
    assert width == int(width) == 8
    inside = linear.shares["0"][linear.shares["0"] > 0]
    assert inside[1:-1].tolist() == pytest.approx([8 / 1024] * (inside.size - 2))


def test_padding_is_no_part_and_what_lies_beyond_is_counted() -> None:
    data = np.linspace(1, 2, 10_000, dtype=np.float32).reshape(100, 100)
    valid = np.ones(data.shape, bool)
    valid[50:] = False
    (linear,) = raw_charts(InMemory([Scan(data, "YX", voxel_affine(), valid=valid)]))
    assert linear.axis.high == pytest.approx(np.percentile(data[:50], 99.9))
    assert linear.beyond == pytest.approx(10 / 5000, abs=1e-9)


@pytest.mark.parametrize(("data", "decade"), [(np.float32(1), 10), (np.complex64(1j), 20)])
def test_values_over_decades_have_an_axis_in_db(data: np.generic, decade: int) -> None:
    values = np.logspace(-4, 2, 10_000).reshape(100, 100)
    scan = image((values * data).astype(data.dtype))
    linear, db = raw_charts(InMemory([scan]))
    top = np.percentile(values, 99.9)
    assert db.axis.reference == pytest.approx(top, rel=1e-5)
    expected = np.histogram(decade * np.log10(values / top), BINS, (db.axis.low, db.axis.high))[0] / values.size
    assert np.abs(db.shares["scan"] - expected).max() <= 2 / values.size
    assert linear.axis.unit == "a.u."


def test_negative_narrow_and_empty_values_have_none() -> None:
    for data in (np.linspace(-1, 100, 400), np.linspace(1, 50, 400), np.zeros(400)):
        assert decibel_axis([ends_of(image(data.reshape(20, 20)))]) is None


def test_a_constant_scan_still_has_a_histogram() -> None:
    axis = linear_axis([ends_of(image(np.full((4, 4), 3.5)))], "HU")
    assert axis.low == 3.5 < axis.high
    (chart,) = raw_charts(InMemory([image(np.full((4, 4), 3.5))]))
    assert chart.shares["scan"].sum() == 1


def test_wide_is_what_a_linear_axis_hides() -> None:
    power = inspect(image(np.logspace(0, 6, 400).reshape(20, 20)))
    hounsfield = inspect(image(np.linspace(-1000, 1000, 400).reshape(20, 20)))
    assert (wide([power]), wide([power, hounsfield]), wide([])) == (True, False, False)
