"""Choosing channels, and making one grey picture of several."""

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.ops.channels.selection import select_channels, to_grey
from prep_core.run import StepError
from prep_core.scan import Scan
from tests.ops.grid.grids import noise, scan_of
from tests.suited import result_of

NAMES = ("DAPI", "488", "Red", "red, far")


def stack(names=NAMES, axes="CYX", **facts):
    shape = (2, 4, 3, 5, 6)[-len(axes) :] if "T" in axes else (4, 5, 6)
    return scan_of(noise(shape), axes=axes, channels=names, **facts)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("DAPI", [0]),
        ("dapi, RED", [0, 2]),
        (" Red ,DAPI", [2, 0]),
        ("488", [1]),
        ("3, 0", [3, 0]),
        ("2, Red", [2, 2]),
    ],
)
def test_channels_are_found_by_name_then_by_number(names, expected):
    old = stack()
    new = select_channels(old, names=names)
    np.testing.assert_array_equal(new.data, old.data[expected])
    assert new.channels == tuple(NAMES[i] for i in expected)


def test_validity_mask_frames_and_slices_go_with_their_channel():
    data = noise((2, 4, 3, 5, 6))
    old = scan_of(data, axes="TCZYX", channels=NAMES, valid=data > -1, mask=data > 0)
    new = select_channels(old, names="Red, DAPI")
    np.testing.assert_array_equal(new.data, data[:, [2, 0]])
    np.testing.assert_array_equal(new.valid, old.valid[:, [2, 0]])
    np.testing.assert_array_equal(new.mask, old.mask[:, [2, 0]])


def test_channels_without_names_are_chosen_by_number():
    old = stack(names=())
    new = select_channels(old, names="3,1")
    np.testing.assert_array_equal(new.data, old.data[[3, 1]])
    assert new.channels == ()


def test_integers_become_float32():
    old = Scan(np.arange(12, dtype=np.uint16).reshape(3, 2, 2), "CYX")
    assert select_channels(old, names="1").data.dtype == np.float32


@pytest.mark.parametrize(
    ("names", "channels", "complaint"),
    [
        ("Cy5", NAMES, r"finds no channel Cy5; there are DAPI, 488, Red, red, far \(or 0 to 3\)"),
        ("4", NAMES, "finds no channel 4"),
        ("-1", NAMES, "finds no channel -1"),
        ("7", (), "finds no channel 7; there are numbers 0 to 3, and no names"),
        ("a", ("A", "a", "a", "b"), r"finds 2 channels called a; say one by its number, from \[1, 2\]"),
    ],
)
def test_a_channel_that_is_not_there_is_an_error_that_lists_those_there_are(names, channels, complaint):
    with pytest.raises(StepError, match=f"line 1: select_channels {complaint}"):
        result_of(Line("select_channels", {"names": names}), stack(channels))


@pytest.mark.parametrize("names", ["", "a,", ",a", "a,,b", "  "])
def test_names_with_nothing_between_commas_are_refused(names):
    with pytest.raises(RecipeError, match="select_channels names must be channels with a comma between them"):
        Line("select_channels", {"names": names})


def test_too_many_channels_are_refused_before_they_are_made():
    old = Scan(np.zeros((1, 2000, 2000), np.uint8), "CYX")
    with pytest.raises(StepError, match=r"line 1: select_channels makes at most 2\^31 voxels"):
        result_of(Line("select_channels", {"names": ",".join(["0"] * 600)}), old)


@pytest.mark.parametrize("step", ["select_channels", "band_index"])
def test_a_scan_without_channels_is_told_so(step):
    with pytest.raises(StepError, match=rf"line 1: {step} needs channels, and this scan has none \(its axes are ZYX\)"):
        result_of(Line(step), scan_of(noise((3, 4, 5))))


def test_weights_are_those_of_the_recipe_and_change_the_unit():
    old = scan_of(noise((3, 5, 6)), axes="CYX", channels=("R", "G", "B"), unit="HU")
    luma = result_of(Line("to_grey", {"weights": (0.299, 0.587, 0.114)}), old)
    np.testing.assert_allclose(luma.data, np.tensordot((0.299, 0.587, 0.114), old.data, 1), atol=1e-6)
    assert (luma.axes, luma.channels, luma.unit) == ("YX", (), "HU")
    assert result_of(Line("to_grey", {"weights": (1, 0, -1)}), old).unit == "a.u."


def test_the_first_channel_and_the_mean_take_any_number():
    old = stack(axes="TCZYX")
    np.testing.assert_array_equal(to_grey(old, method="first").data, old.data[:, 0])
    np.testing.assert_allclose(to_grey(old, method="mean").data, old.data.mean(axis=1), atol=1e-6)
    assert to_grey(old, method="mean").axes == "TZYX"


def test_a_pixel_is_valid_where_all_channels_with_a_weight_are_and_in_the_mask_where_any_is():
    valid = np.array([[[1, 0, 1, 1]], [[1, 1, 0, 1]], [[1, 1, 1, 0]]], bool)
    mask = np.array([[[1, 0, 0, 0]], [[0, 1, 0, 0]], [[0, 0, 1, 0]]], bool)
    data = np.where(valid, np.float32(2), np.float32(-2000))
    old = scan_of(data, axes="CYX", valid=valid, mask=mask)
    new = to_grey(old, weights=(0.5, 0.5, 0))
    np.testing.assert_array_equal(new.valid, [[True, False, False, True]])
    np.testing.assert_array_equal(new.mask, [[True, True, False, False]])
    np.testing.assert_array_equal(new.data[new.valid], 2)


def test_infinite_padding_and_sums_beyond_float32_are_not_valid():
    data = np.full((3, 1, 2), 3e38, np.float32)
    data[:, 0, 1] = np.inf, -np.inf, 1
    new = to_grey(scan_of(data, axes="CYX"), weights=(1, 1, 1))
    np.testing.assert_array_equal(new.valid, [[False, False]])


def test_a_scan_without_channels_is_grey_already():
    old = scan_of(noise((4, 5)).astype(np.float64), axes="YX")
    new = to_grey(old)
    np.testing.assert_array_equal(new.data, old.data.astype(np.float32))


def test_weights_for_another_number_of_channels_are_refused():
    with pytest.raises(StepError, match="line 1: to_grey has weights for 3 channels, and this scan has 4: DAPI, 488"):
        result_of(Line("to_grey"), stack())


def test_weights_that_are_all_zero_are_refused_unless_they_are_not_used():
    with pytest.raises(RecipeError, match="to_grey weights must not all be 0"):
        Line("to_grey", {"weights": (0, 0, 0)})
    assert Line("to_grey", {"weights": (0, 0, 0), "method": "mean"}).params["method"] == "mean"
