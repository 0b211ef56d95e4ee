"""The field as a smoothed copy of the image."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.ops.fields.lowpass import lowpass_field, smoothed_inside
from prep_core.run import StepError
from prep_core.scan import Scan
from tests.oracles.bias import after, ball

both = pytest.mark.parametrize("method", ["gaussian", "homomorphic"])


@both
@pytest.mark.parametrize("divide", [True, False])
def test_the_mean_inside_stays(method: str, divide: bool) -> None:
    scan = ball()
    before, result = (
        data[scan.mask].mean(dtype=np.float64)
        for data in (scan.data, after("lowpass_field", scan, method=method, divide=divide))
    )
    assert result == pytest.approx(before, rel=1e-6)


@both
def test_one_tissue_under_a_slow_field_becomes_even(method: str) -> None:
    x = np.linspace(-1, 1, 200)
    scan = Scan(np.tile(300 * np.exp(0.3 * x), (60, 1)).astype(np.float32), "YX", mask=np.ones((60, 200), bool))
    even = after("lowpass_field", scan, method=method, sigma=10.0, lengths_in="px")
    # The Gaussian mean of a slope is the slope, away from the borders.
    np.testing.assert_allclose(even[:, 40:-40], even[30, 100], rtol=0.002)


def test_light_that_was_added_is_subtracted() -> None:
    y, x = np.mgrid[:60, :200]
    texture = np.where((x + y) % 2, 5.0, -5.0)
    scan = Scan((texture + 0.4 * x - 30).astype(np.float32), "YX", mask=np.ones((60, 200), bool))
    even = after("lowpass_field", scan, sigma=8.0, lengths_in="px", divide=False)
    middle = even[:, 40:-40] - even[:, 40:-40].mean()
    np.testing.assert_allclose(middle, texture[:, 40:-40], atol=0.05)


def test_what_lies_outside_does_not_enter() -> None:
    scan = ball()
    other = replace(scan, data=np.where(scan.mask, scan.data, np.float32(1e5)))
    one, two = (after("lowpass_field", each)[scan.mask] for each in (scan, other))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("rubbish", [np.nan, -np.inf, 1e30])
@both
def test_padding_moves_nothing(rubbish: float, method: str) -> None:
    scan = ball()
    valid = np.ones(scan.data.shape, bool)
    valid[..., :9] = False
    padded = replace(scan, valid=valid, data=np.where(valid, scan.data, np.float32(rubbish)))
    one, two = (after("lowpass_field", each, method=method)[valid] for each in (padded, replace(scan, valid=valid)))
    assert np.array_equal(one, two)


def test_beyond_the_reach_the_field_is_that_of_the_nearest_voxel_within_it() -> None:
    values = np.zeros((1, 40), np.float32)
    values[0, 5] = 7
    used = values > 0
    np.testing.assert_allclose(smoothed_inside(values, used, (1.0, 2.0)), 7, rtol=1e-6)


def test_planes_by_themselves_are_planes_by_themselves() -> None:
    scan = ball()
    mask = scan.mask.copy()
    mask[:, 10:20, 10:20] = True
    scan = replace(scan, mask=mask)
    together = after("lowpass_field", scan, extent="plane")
    for z in (0, 6):
        plane = replace(scan.take({"Z": z}))
        assert np.array_equal(after("lowpass_field", plane, extent="plane")[0], together[z])


def test_a_length_in_mm_follows_the_voxels() -> None:
    scan = ball((14, 30, 36), (3.0, 2.0, 2.0))
    fine = replace(scan, data=scan.data.repeat(2, -1), mask=scan.mask.repeat(2, -1), valid=np.array(True))
    fine = replace(fine, affine=scan.affine @ np.diag([1, 1, 0.5, 1]))
    coarse = after("lowpass_field", scan)
    np.testing.assert_allclose(after("lowpass_field", fine)[..., ::2], coarse, rtol=0.01)


@pytest.mark.parametrize(
    ("change", "params", "words"),
    [
        ({"spacing_known": False}, {}, "has a length in mm, and the voxel size is unknown; say the voxel size, or"),
        ({"mask": np.zeros((14, 30, 36), bool)}, {}, "has no voxel inside to smooth; put a mask step above it"),
        ({"mask": np.zeros((14, 30, 36), bool)}, {"method": "homomorphic"}, "needs voxels above 0, and none of the 0"),
        (
            {"data": np.full((14, 30, 36), -2.0)},
            {},
            "needs a field above 0 to divide by, and .* down to -2; say inside",
        ),
        ({"data": np.zeros((14, 30, 36))}, {}, "needs a field above 0 to divide by, and .* down to 0; say inside"),
    ],
)
def test_what_has_no_field_is_said(change: dict[str, object], params: dict[str, object], words: str) -> None:
    with pytest.raises(StepError, match=f"line 1: lowpass_field {words}"):
        after("lowpass_field", replace(ball(), **change), **params)


def test_the_widest_kernel_is_as_long_as_the_picture() -> None:
    image = np.random.default_rng(0).uniform(1, 2, (4, 5, 6)).astype(np.float32)
    even = lowpass_field(image, np.ones(image.shape, bool), (0.001, 0.001, 0.001), sigma=1000.0)
    np.testing.assert_allclose(even, image, rtol=1e-5)
