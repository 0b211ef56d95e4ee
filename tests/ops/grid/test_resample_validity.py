"""Resampling: what is padding stays out, and everything that is no pixel is kept."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from prep_core.line import Line
from prep_core.ops.grid.resample import resample
from prep_core.param import fields_of
from prep_core.run import StepError
from prep_core.scan import Finding, Scan, Source
from tests.ops.grid.grids import OBLIQUE, THICK, affine_of, any_interpolation, between_two, noise, old_indices, scan_of
from tests.suited import result_of


@any_interpolation
@pytest.mark.parametrize("hole", [np.nan, np.inf, -2048])
@pytest.mark.parametrize("spacing", [(1.0, 0.5, 0.5), (1.0, 2.4, 2.4)])
def test_what_is_not_valid_never_enters_what_is(interpolation, hole, spacing):
    data = np.full((3, 40, 40), 50, np.float32)
    valid = np.ones(data.shape, bool)
    valid[:, :10, :] = valid[1, 25, 25] = False
    data[~valid] = hole
    new = resample(scan_of(data, valid=valid), spacing=spacing, interpolation=interpolation)
    np.testing.assert_allclose(new.data[new.valid], 50, atol=1e-3)
    assert np.isfinite(new.data).all()
    assert new.valid[:, -3:].all()
    assert not new.valid[:, :2].any()
    if np.isfinite(hole):
        assert (new.data[:, :2] == hole).all()


@pytest.mark.parametrize("interpolation", ["nearest", "linear"])
def test_a_new_voxel_is_valid_where_99_percent_of_its_weight_is(interpolation):
    data = np.arange(8, dtype=np.float32)[None].repeat(4, 0)
    data[:, 3] = np.nan
    old = scan_of(data, axes="YX")
    new = resample(old, spacing=(1.0, 1.0, 0.8), interpolation=interpolation)
    x = 3.5 + (np.arange(10) - 4.5) * 0.8
    weight = {
        "nearest": old.valid[0][np.rint(x).astype(int)],
        "linear": np.interp(x, np.arange(8), old.valid[0]),
    }
    np.testing.assert_array_equal(new.valid, np.broadcast_to(weight[interpolation] >= 0.99, (4, 10)))
    assert 0 < new.valid.mean() < 1


def test_smoothing_counts_as_weight():
    data = np.ones((4, 50), np.float32)
    data[:, :10] = np.nan
    new = resample(scan_of(data, axes="YX"), spacing=(1.0, 1.0, 5.0))
    # Centres at 2, 7, 12, 17 ... and sigma 2: 12 is 1.25 sigma from the hole (weight 0.89), 17 is 3.75 sigma.
    np.testing.assert_array_equal(new.valid[0], np.arange(10) >= 3)


def test_values_too_large_for_float32_are_not_valid():
    data = np.ones((6, 6))
    data[2, 2] = -1.7e308
    new = resample(scan_of(data, axes="YX"), spacing=(1.0, 0.5, 0.5))
    np.testing.assert_array_equal(new.data, 1)
    assert not new.valid[4:6, 4:6].any()
    assert new.valid[:3].all()


def test_a_frame_with_nothing_valid_stays_so():
    data = np.full((2, 6, 6), np.nan, np.float32)
    data[1] = 3
    new = resample(scan_of(data, axes="TYX"), spacing=(1.0, 0.5, 0.5))
    np.testing.assert_array_equal(new.valid, np.broadcast_to([[[False]], [[True]]], new.data.shape))
    np.testing.assert_array_equal(new.data[0], 0)


def test_the_mask_is_resampled_by_nearest_neighbour():
    mask = noise((8, 12, 10), seed=3) > 0
    old = scan_of(noise(mask.shape), OBLIQUE, mask=mask)
    new = resample(old, spacing=(1.3, 2.3, 0.7))
    index = old_indices(new, old)
    nearest = map_coordinates(mask.astype(np.uint8), index, order=0, mode="nearest").astype(bool)
    sure = ~between_two(index)
    np.testing.assert_array_equal(new.mask[sure], nearest[sure])
    assert sure.mean() > 0.6


def test_everything_else_is_kept():
    finding = Finding("thick slices", "note", "5 mm", "resample")
    facts = {
        "unit": "HU",
        "modality": "CT",
        "name": "chest",
        "findings": (finding,),
        "display_inverted": True,
    }
    old = scan_of(noise((4, 5, 6)), THICK, source=Source(sha256="ab"), **facts)
    new = resample(old, spacing=(2.0, 2.0, 2.0))
    assert {name: getattr(new, name) for name in facts} == facts
    assert new.source == old.source
    assert new.spacing_known
    assert new.axes == "ZYX"


def test_the_same_input_gives_the_same_bytes():
    old = scan_of(noise((5, 30, 30)), OBLIQUE)
    once, twice = (resample(old, spacing=(1.1, 2.2, 0.6), interpolation="bspline") for _ in range(2))
    assert once.data.tobytes() == twice.data.tobytes()


def test_an_unknown_voxel_size_is_refused():
    with pytest.raises(StepError, match="line 1: resample needs to know the voxel size"):
        result_of(Line("resample"), Scan(noise((4, 4)), "YX"))


def test_complex_values_are_refused():
    with pytest.raises(StepError, match="line 1: resample works on real values and the scan is complex"):
        result_of(Line("resample"), scan_of(np.ones((4, 4), np.complex64), axes="YX"))


def test_smoothing_that_would_take_hours_is_refused():
    old = scan_of(noise((400, 400)), affine_of((1.0, 0.0001, 0.0001)), "YX")
    with pytest.raises(ValueError, match=r"makes voxels 10,000 times longer.*up to 64 times; choose a smaller spacing"):
        resample(old)
    assert resample(old, antialias=False).data.shape == (1, 1)
    assert resample(old, spacing=(1.0, 0.0064, 0.0064)).data.shape == (6, 6)


def test_a_single_slice_is_never_smoothed_away():
    old = scan_of(noise((1, 8, 8)), affine_of((0.5, 1.0, 1.0)))
    np.testing.assert_array_equal(resample(old, spacing=(100.0, 1.0, 1.0)).data, old.data)


def test_a_result_that_is_too_large_is_refused_before_it_is_made():
    with pytest.raises(ValueError, match=r"at most 2\^31 voxels, got 4,000,000,000 \(4, 40000, 25000\)"):
        resample(scan_of(np.zeros((4, 40, 25), np.int16)), spacing=(1.0, 0.001, 0.001))


def test_every_parameter_is_explained():
    fields = fields_of(resample)
    assert list(fields) == ["spacing", "interpolation", "antialias"]
    assert all(field.p.help.endswith(".") for field in fields.values())
    assert fields["spacing"].length == 3
