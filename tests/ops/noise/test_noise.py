"""Smoothing that knows no edges, and the median."""

import math

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from tests.ops.lines import done, scan_of


def test_a_point_becomes_a_spot_of_the_same_size_in_mm_along_every_axis() -> None:
    point = np.zeros((15, 41, 41))
    point[7, 20, 20] = 1
    spot = done("gaussian", scan_of(point, None, (2.5, 0.5, 0.5)), sigma=2.0).scan.data
    assert spot.sum() == pytest.approx(1, abs=1e-5)
    for moved in (spot[8, 20, 20], spot[7, 25, 20], spot[7, 20, 15]):  # 2.5 mm away
        assert moved / spot[7, 20, 20] == pytest.approx(math.exp(-(2.5**2) / (2 * 2.0**2)), rel=1e-5)


def test_half_of_the_height_is_reached_at_the_width_that_the_help_names() -> None:
    point = np.zeros((1, 401))
    point[0, 200] = 1
    spot = done("gaussian", scan_of(point), sigma=50.0, lengths_in="px").scan.data[0]
    assert np.count_nonzero(spot >= spot.max() / 2) == pytest.approx(2.355 * 50, abs=1)


def test_a_sigma_of_0_changes_nothing() -> None:
    data = np.random.default_rng(0).normal(size=(3, 5, 6)).astype(np.float32)
    assert np.array_equal(done("gaussian", scan_of(data, None, (1.0, 1.0, 1.0)), sigma=0.0).scan.data, data)


def test_next_to_padding_only_valid_voxels_are_averaged() -> None:
    scan = scan_of([[0.0, 6.0, 999.0]], [[True, True, False]])
    ours = done("gaussian", scan, sigma=1.0, lengths_in="px").scan.data[0]
    # Mirrored, the row reads 999 999 6 0 | 0 6 999 | 999 6 0: these are the weights of the sixes and of the noughts.
    g = [math.exp(-(steps**2) / 2) for steps in range(5)]
    sixes = (g[1] + g[2] + g[4], g[0] + g[3] + g[3])
    noughts = (g[0] + g[1], g[1] + g[2] + g[4])
    assert ours.tolist() == pytest.approx([*(6 * a / (a + b) for a, b in zip(sixes, noughts, strict=True)), 999])


@pytest.mark.parametrize(("extent", "size"), [("plane", 5), ("volume", 3)])
def test_salt_and_pepper_go_and_a_straight_edge_stays(extent: str, size: int) -> None:
    data = np.zeros((4, 20, 20), np.float32)
    data[..., 10:] = 100
    spoilt = data.copy()
    spoilt[1:3, 4::7, 4::7] = [[[1000.0]], [[-1000.0]]]
    assert np.array_equal(done("median", scan_of(spoilt), size=size, extent=extent).scan.data, data)


def test_a_median_next_to_padding_is_of_the_valid_voxels() -> None:
    scan = scan_of([[1.0, 2, 3, 9, 9]], [[True, True, True, False, False]])
    # Mirrored rows repeat the row itself: 2 3 and 1 2 3 are the neighbourhoods of the third and the second.
    assert done("median", scan).scan.data.tolist() == [[2, 2, 2.5, 9, 9]]


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"size": 4}, "size must be odd, got 4; take 3 or 5"),
        ({"size": 9, "extent": "volume"}, "size must be at most 7 with extent volume, got 9; take less, or extent"),
    ],
)
def test_sizes_without_a_middle_or_too_large_are_refused(params: dict[str, object], complaint: str) -> None:
    with pytest.raises(RecipeError, match=f"median {complaint}"):
        Line("median", params)
