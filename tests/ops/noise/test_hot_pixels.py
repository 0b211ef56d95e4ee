"""Single voxels that stand out are found, counted and replaced; everything else stays."""

import numpy as np
import pytest

from prep_core.run import StepError
from tests.ops.lines import done, scan_of


def noisy(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(100, 3, shape).astype(np.float32)


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 0, 7), (2, 11, 15), (1, 6, 8)])
@pytest.mark.parametrize("extent", ["plane", "volume"])
def test_one_hot_pixel_is_replaced_and_nothing_else_moves(place: tuple[int, ...], extent: str) -> None:
    data = noisy(3, 12, 16)
    spoilt = data.copy()
    spoilt[place] = 1e4
    result = done("hot_pixels", scan_of(spoilt), extent=extent)
    assert result.tally == {"replaced": 1}
    assert abs(result.scan.data[place] - 100) < 9
    kept = np.ones(data.shape, bool)
    kept[place] = False
    assert np.array_equal(result.scan.data[kept], data[kept])


def test_a_hot_pixel_beside_padding_is_not_shielded_by_it() -> None:
    data, valid = noisy(12, 16), np.zeros((12, 16), bool)
    valid[4:9, 4:9] = True
    data[4, 4] = 1e4
    data[~valid] = 1e6
    result = done("hot_pixels", scan_of(data, valid))
    assert result.tally == {"replaced": 1}
    assert abs(result.scan.data[4, 4] - 100) < 9


def test_a_higher_threshold_replaces_less() -> None:
    scan = scan_of(noisy(100, 100))
    replaced = [done("hot_pixels", scan, threshold=each).tally["replaced"] for each in (1.0, 2.0, 3.0, 6.0)]
    assert replaced == sorted(replaced, reverse=True)
    assert replaced[0] > 2500
    assert replaced[2] < 80  # of 10,000: a sigma is not too small
    assert replaced[3] == 0


def test_for_white_noise_a_sigma_is_that_of_the_noise() -> None:
    data = noisy(300, 300)
    data[5::10, 5::10] += np.linspace(10, 40, 900).reshape(30, 30)
    raised = data - noisy(300, 300)
    found = done("hot_pixels", scan_of(data), threshold=8.0).scan.data != data
    assert found[raised > 8 * 3 + 12].all()
    assert not found[raised < 8 * 3 - 12].any()


def test_integers_are_counted_as_the_floats_they_become() -> None:
    data = np.rint(noisy(40, 40) * 20).astype(np.int16)
    data[20, 20] = 32000
    assert done("hot_pixels", scan_of(data)).tally == {"replaced": 1}


def test_the_noise_is_measured_inside() -> None:
    data = np.zeros((40, 40), np.float32)
    data[:, 30:] = noisy(40, 10)
    data[20, 35] = 1e4
    with pytest.raises(StepError, match=r"line 1: hot_pixels has no noise to compare with: half of the voxels or more"):
        done("hot_pixels", scan_of(data))
    inside = scan_of(data, mask=data > 0)
    assert done("hot_pixels", inside, inside="mask", threshold=30.0).scan.data[20, 35] < 120


def test_a_plane_with_nothing_inside_is_an_error_unless_it_is_flat() -> None:
    data = noisy(2, 20, 20)
    mask = np.ones(data.shape, bool)
    mask[1] = False
    with pytest.raises(StepError, match=r"has no voxel inside to measure the noise on, in at least one plane; choose"):
        done("hot_pixels", scan_of(data, mask=mask), inside="mask")
    assert done("hot_pixels", scan_of(data, mask=mask), inside="mask", extent="volume").tally == {"replaced": 0}
    data[1] = 7
    assert np.array_equal(done("hot_pixels", scan_of(data, mask=mask), inside="mask").scan.data, data)
