"""Masks by value, the body, and what lies outside a mask."""

from dataclasses import replace

import numpy as np
import pytest

from prep_core.line import Line, RecipeError
from prep_core.measure import inside_mask
from prep_core.ops.masks.body import body_mask
from prep_core.ops.masks.regions import box_of, closed, connected, without_holes, without_small_holes
from prep_core.recipe import Recipe
from prep_core.run import StepError, apply, fit, trace
from prep_core.scan import Scan
from tests.ops.masks.chests import GRAINS, MOVED, ct, dice, mask_of
from tests.strategies import unit_scan

KINDS = ("float32", "uint8", "int16", "uint16", "int32")


def shades(kind: str) -> Scan:
    scan = unit_scan("CZYX")
    low = -100 if np.dtype(kind).kind == "i" else 0
    return replace(scan, data=(scan.data**2 * 200 + low).astype(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_foreground_is_what_scale_steps_mean_by_it(kind: str) -> None:
    scan = shades(kind)
    expected = inside_mask(scan, "foreground")
    assert 0 < np.count_nonzero(expected) < np.count_nonzero(scan.valid)
    assert np.array_equal(mask_of("foreground_mask", scan), expected)


def test_a_scale_measured_inside_the_mask_is_one_measured_inside_the_foreground() -> None:
    scan = shades("float32")
    by_mask = apply(Recipe((Line("foreground_mask"), Line("zscore", inside="mask"))), scan)
    by_word = apply(Recipe((Line("zscore", inside="foreground"),)), scan)
    assert by_mask.data.tobytes() == by_word.data.tobytes()


def test_one_threshold_for_all_scans_differs_from_one_for_each() -> None:
    dark, bright = shades("float32"), replace(shades("float32"), data=shades("float32").data * 5)
    frozen = fit(Recipe((Line("foreground_mask", over="dataset"),)), [dark, bright])
    assert apply(frozen, dark).mask.sum() < mask_of("foreground_mask", dark).sum()
    assert mask_of("foreground_mask", bright).sum() == mask_of("foreground_mask", dark).sum()


def test_each_channel_can_have_a_threshold_of_its_own() -> None:
    scan = shades("float32")
    scan = replace(scan, data=scan.data * np.float32([1, 10, 100]).reshape(3, 1, 1, 1))
    mask = apply(Recipe((Line("foreground_mask", per="channel"),)), scan).mask
    for channel in range(3):
        assert np.array_equal(mask[channel], mask_of("foreground_mask", scan.take({"C": channel}))[0])


def test_a_constant_scan_has_no_foreground() -> None:
    with pytest.raises(
        StepError, match=r"line 1: foreground_mask has no foreground: .* one value \(measured over image"
    ):
        mask_of("foreground_mask", Scan(np.ones((4, 4)), "YX"))


@pytest.mark.parametrize("step", ["foreground_mask", "threshold_mask"])
def test_a_mask_leaves_the_pixels_and_never_holds_padding(step: str) -> None:
    scan = unit_scan()
    (done,) = trace(Recipe((Line(step),)), scan)
    assert np.shares_memory(done.scan.data, scan.data)
    assert not (done.scan.mask & ~scan.valid).any()
    assert done.tally == {"voxels_inside": np.count_nonzero(done.scan.mask)}


def test_both_ends_of_a_threshold_are_chosen() -> None:
    scan = Scan(np.array([[0.0, 1.0, 2.0, 3.0, np.nan]], np.float32), "YX")
    assert mask_of("threshold_mask", scan, low=1.0, high=2.0).tolist() == [[False, True, True, False, False]]
    assert mask_of("threshold_mask", scan, low=3.0, high=3.0).sum() == 1
    with pytest.raises(RecipeError, match="low must not be above high, got low 2 and high 1"):
        Line("threshold_mask", {"low": 2.0, "high": 1.0})


def test_everything_outside_the_mask_is_filled_and_counted() -> None:
    scan = replace(unit_scan(), data=np.where(unit_scan().valid, unit_scan().data, np.float32(np.nan)))
    (done,) = trace(Recipe((Line("apply_mask", {"fill": -1000.0}),)), scan)
    kept = scan.valid & scan.mask
    assert np.array_equal(done.scan.data[kept], scan.data[kept])
    assert (done.scan.data[~kept] == -1000).all()
    assert done.tally == {"voxels_filled": np.count_nonzero(scan.valid & ~scan.mask)}


def test_there_is_nothing_to_fill_around_without_a_mask() -> None:
    with pytest.raises(StepError, match=r"line 1: apply_mask .*no line above it makes one; put a mask step above it"):
        apply(Recipe((Line("apply_mask"),)), replace(unit_scan(), mask=None))


@pytest.mark.parametrize("noise", GRAINS)
@pytest.mark.parametrize("shift", MOVED)
def test_the_body_is_found_without_the_table(noise: float, shift: tuple[float, float, float]) -> None:
    phantom = ct(noise, shift)
    mask = mask_of("body_mask", phantom.scan)
    assert dice(mask, phantom.truth["body"]) >= 0.99
    assert mask[phantom.truth["table"]].mean() < 0.3, "all but what lies against the back"
    assert mask[phantom.truth["lungs"] & phantom.truth["body"]].mean() > 0.999


def test_without_opening_the_table_stays() -> None:
    phantom = ct()
    assert mask_of("body_mask", phantom.scan, opening=0.0)[phantom.truth["table"]].mean() > 0.5


def test_a_plane_by_itself_has_a_body() -> None:
    phantom = ct()
    plane = replace(phantom.scan, data=phantom.scan.data[15], axes="YX", valid=phantom.scan.valid[15])
    assert dice(mask_of("body_mask", plane), phantom.truth["body"][15]) >= 0.99


def test_lengths_need_a_voxel_size_unless_they_count_voxels() -> None:
    scan = replace(ct().scan, spacing_known=False)
    with pytest.raises(StepError, match="length in mm, and the voxel size is unknown"):
        mask_of("body_mask", scan)
    pixels = mask_of("body_mask", scan, opening=2.0, lengths_in="px")
    assert dice(pixels, ct().truth["body"]) >= 0.99


def test_no_body_says_what_was_looked_for() -> None:
    with pytest.raises(ValueError, match="finds no body: it looked for values above -500 HU, and of the 0 voxels"):
        body_mask(np.full((9, 9), -1000, np.float32), (1.0, 1.0), np.ones((9, 9), bool))


def test_parts_connect_through_faces_or_corners_and_not_over_other_axes() -> None:
    mask = np.zeros((2, 3, 3), bool)
    mask[0, 0, 0] = mask[0, 1, 1] = mask[1, 1, 1] = True
    assert connected(mask, 3)[1].tolist() == [1, 2]
    assert connected(mask, 3, diagonal=True)[1].tolist() == [3]
    assert connected(mask, 2, diagonal=True)[1].tolist() == [2, 1]


def test_holes_are_filled_by_plane_and_up_to_a_size() -> None:
    ring = np.ones((2, 9, 9), bool)
    ring[:, 2:5, 2:5] = False
    ring[0, 7, 7] = False
    assert without_holes(ring).all()
    small = without_small_holes(ring, 1.0)
    assert small[0, 7, 7]
    assert not small[:, 2:5, 2:5].any()


def test_closing_knows_how_wide_a_pixel_is() -> None:
    mask = np.ones((1, 21, 21), bool)
    mask[0, :, 10] = False
    assert closed(mask, 0.6, (1.0, 1.0)).sum() == mask.sum()
    assert closed(mask, 1.2, (1.0, 1.0)).all()
    assert closed(mask, 1.2, (1.0, 4.0)).sum() == mask.sum()


def test_a_box_has_its_margin_within_the_image() -> None:
    mask = np.zeros((5, 6), bool)
    mask[1, 2:4] = True
    assert box_of(mask) == (slice(1, 2), slice(2, 4))
    assert mask[box_of(mask, (2, 1))].shape == (4, 4)
