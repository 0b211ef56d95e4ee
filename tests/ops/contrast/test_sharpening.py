"""Unsharp masking: detail is added, and nothing is clipped."""

import numpy as np
import pytest

from tests.ops.lines import done, scan_of


def edge() -> np.ndarray:
    data = np.zeros((10, 40), np.float32)
    data[:, 20:] = 100
    return data


def test_an_edge_overshoots_by_what_the_blur_takes_away() -> None:
    sharp = done("unsharp", scan_of(edge(), None, (1.0, 0.5)), radius=1.0, amount=1.5).scan.data
    blurred = done("gaussian", scan_of(edge(), None, (1.0, 0.5)), sigma=1.0).scan.data
    assert sharp == pytest.approx(edge() + 1.5 * (edge() - blurred), abs=1e-4)
    assert sharp.max() > 130
    assert sharp.min() < -30


@pytest.mark.parametrize("params", [{"amount": 0.0}, {"radius": 0.0}])
def test_nothing_added_changes_nothing(params: dict[str, float]) -> None:
    assert np.array_equal(done("unsharp", scan_of(edge(), None, (1.0, 1.0)), **params).scan.data, edge())


def test_flat_parts_far_from_an_edge_stay_in_their_unit() -> None:
    result = done("unsharp", scan_of(edge(), None, (1.0, 1.0), unit="HU"), radius=2.0).scan
    assert result.unit == "HU"
    assert result.data[:, :5] == pytest.approx(0, abs=1e-3)
    assert result.data[:, -5:] == pytest.approx(100, abs=1e-3)
