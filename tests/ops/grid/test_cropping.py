"""Cropping to what matters, and bringing scans to one size."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_core.line import Line, RecipeError
from prep_core.ops.grid.cropping import crop_foreground, crop_or_pad
from prep_core.recipe import Recipe
from prep_core.run import StepError, trace
from prep_core.scan import Scan
from tests.ops.grid.grids import OBLIQUE, THICK, affine_of, noise, scan_of
from tests.suited import result_of


def with_box(spans, shape=(10, 20, 24), inside=5.0, outside=0.0, **facts):
    data = np.full(shape, outside, np.float32)
    data[(..., *(slice(*span) for span in spans))] = inside
    return scan_of(data, THICK, **facts)


UNIT = affine_of((1.0, 1.0, 1.0), origin=(0.0, 0.0, 0.0))
BOX = ((3, 6), (8, 15), (4, 9))


@pytest.mark.parametrize("what", ["foreground", "positive", "mask", "valid"])
def test_each_choice_keeps_its_own_box(what):
    old = scan_of(np.ones((8, 9, 10), np.float32), UNIT)
    marked = np.zeros(old.data.shape, bool)
    marked[2:5, 3:7, 4:6] = True
    old = {
        "foreground": replace(old, data=np.where(marked, 9, old.data)),
        "positive": replace(old, data=np.where(marked, 1, -old.data)),
        "mask": replace(old, mask=marked),
        "valid": replace(old, valid=marked),
    }[what]
    new = crop_foreground(old, what=what)
    assert new.data.shape == (3, 4, 2)
    np.testing.assert_allclose(new.origin, (4, 3, 2))


@pytest.mark.parametrize(
    ("margin", "lengths_in", "shape"),
    [
        (0.0, "mm", (3, 7, 5)),
        # Of 5 x 0.7 x 0.9 mm: one voxel of z, three of y, three of x.
        (2.1, "mm", (5, 13, 11)),
        (2.0, "px", (7, 11, 9)),
        (3.5, "px", (10, 15, 13)),
        (9999.0, "mm", (10, 20, 24)),
    ],
)
def test_a_margin_is_rounded_up_to_voxels_and_ends_at_the_border(margin, lengths_in, shape):
    new = crop_foreground(with_box(BOX), margin=margin, lengths_in=lengths_in)
    assert new.data.shape == shape


def test_one_box_holds_the_foreground_of_all_frames_and_channels():
    data = np.zeros((2, 2, 12, 14), np.float32)
    data[0, 1, 3, 5] = data[1, 0, 7, 2] = 1
    new = crop_foreground(scan_of(data, axes="TCYX", channels=("a", "b")))
    np.testing.assert_array_equal(new.data, data[..., 3:8, 2:6])
    assert new.channels == ("a", "b")


def test_padding_and_nan_are_no_foreground():
    data = with_box(BOX).data.copy()
    data[0, 0, 0], data[9, 19, 23] = np.nan, 900
    valid = np.isfinite(data) & (data < 900)
    new = crop_foreground(scan_of(data, THICK, valid=valid), what="positive")
    assert new.data.shape == (3, 7, 5)


def test_a_margin_in_mm_needs_a_voxel_size_and_no_margin_needs_none():
    unknown = Scan(with_box(BOX).data, "ZYX")
    assert crop_foreground(unknown).data.shape == (3, 7, 5)
    with pytest.raises(StepError, match="line 1: crop_foreground has a length in mm, and the voxel size is unknown"):
        result_of(Line("crop_foreground", {"margin": 1.0}), unknown)
    assert crop_foreground(unknown, margin=1.0, lengths_in="px").data.shape == (5, 9, 7)


@pytest.mark.parametrize(
    ("what", "scan", "complaint"),
    [
        ("positive", scan_of(-np.ones((4, 5, 6), np.float32)), "finds no voxel to keep"),
        ("mask", scan_of(noise((4, 5, 6)), mask=np.zeros((4, 5, 6), bool)), "finds no voxel to keep"),
        ("mask", scan_of(noise((4, 5, 6))), "no line above it makes one"),
        ("foreground", scan_of(np.ones((4, 5, 6), np.float32)), "the scan is constant"),
        ("valid", scan_of(np.full((4, 5, 6), np.nan, np.float32)), "finds no voxel to keep"),
    ],
)
def test_nothing_to_keep_is_an_error(what, scan, complaint):
    with pytest.raises(StepError, match=f"line 1: crop_foreground .*{complaint}"):
        result_of(Line("crop_foreground", {"what": what}), scan)


@given(sizes=st.tuples(*[st.integers(1, 9)] * 4))
def test_padding_after_cropping_and_cropping_after_padding_restore_the_place(sizes):
    old = scan_of(noise((1, *sizes[:2])), OBLIQUE)
    there = crop_or_pad(old, size=(0, *sizes[2:]))
    back = crop_or_pad(there, size=old.data.shape, fill=np.pi)
    np.testing.assert_allclose(back.affine, old.affine, atol=1e-9)
    np.testing.assert_array_equal(back.data[back.valid], old.data[back.valid])
    assert back.valid.sum() == np.prod(np.minimum(sizes[:2], sizes[2:]))


@pytest.mark.parametrize(("had", "asked", "first"), [(4, 7, -2), (7, 4, 2), (5, 8, -2), (8, 5, 2), (6, 6, 0)])
def test_the_odd_voxel_goes_before_the_first(had, asked, first):
    old = scan_of(noise((1, had)), UNIT, "YX")
    new = crop_or_pad(old, size=(1, 0, asked))
    np.testing.assert_allclose(new.origin, (first, 0, 0))


def test_what_is_added_is_filled_not_valid_and_not_in_the_mask():
    old = scan_of(np.full((2, 3, 4, 5), 7, np.int16), axes="TZYX", unit="HU", mask=np.ones((2, 3, 4, 5), bool))
    new = crop_or_pad(old, size=(3, 6, 9), fill=-1000.0)
    assert (new.data.shape, new.data.dtype, new.unit) == ((2, 3, 6, 9), np.float32, "HU")
    assert set(np.unique(new.data[~new.valid])) == {-1000.0}
    np.testing.assert_array_equal(new.data == 7, new.valid)
    np.testing.assert_array_equal(new.mask, new.valid)


def test_zero_keeps_an_axis_and_a_plane_uses_y_and_x():
    old = scan_of(noise((3, 7, 8)), axes="TYX")
    assert crop_or_pad(old, size=(99, 0, 5)).data.shape == (3, 7, 5)


def test_a_tally_counts_what_was_cut_and_what_was_added():
    old = scan_of(noise((2, 10, 20)), THICK)
    (done,) = trace(Recipe((Line("crop_or_pad", {"size": (4, 5, 20)}),)), old)
    assert done.tally == {"cropped": 2 * 5 * 20, "padded": 2 * 5 * 20}
    (done,) = trace(Recipe((Line("crop_foreground"),)), with_box(BOX))
    assert done.tally == {"cropped": 10 * 20 * 24 - 3 * 7 * 5}


def test_sizes_that_are_no_counts_are_refused():
    with pytest.raises(RecipeError, match=r"crop_or_pad size must be whole numbers of voxels, got 0, 2\.5, 3"):
        Line("crop_or_pad", {"size": (0, 2.5, 3)})


def test_a_result_that_is_too_large_is_refused_before_it_is_made():
    with pytest.raises(StepError, match=r"line 1: crop_or_pad makes at most 2\^31 voxels, got 4,294,967,296"):
        result_of(Line("crop_or_pad", {"size": (0, 65536, 65536)}), scan_of(noise((4, 4)), axes="YX"))
