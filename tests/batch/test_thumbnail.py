"""A thumbnail shows the middle plane in the greys that it is painted with, and gives back what it was told."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from prep_core.batch.glance import BINS, EDGE, Glance
from prep_core.batch.thumbnail import GAP, facts_in, painted, thumbnail
from prep_core.scan import Scan


def pixels(png: bytes) -> NDArray[np.uint8]:
    """(y, x, 4) as a browser sees them."""
    with Image.open(BytesIO(png)) as image:
        return np.asarray(image.convert("RGBA"))


def ramp(low: float = 0, high: float = 100, inverted: bool = False) -> Scan:
    data = np.tile(np.linspace(low, high, 101, dtype=np.float32), (3, 20, 1))
    data[0], data[2] = low, high
    return Scan(data, "ZYX", display_inverted=inverted)


def test_both_pictures_stand_beside_each_other_in_grey() -> None:
    seen = pixels(painted(thumbnail(ramp(), ramp(), {}), 0, 100))
    assert seen.shape == (20, 101 + GAP + 101, 4)
    np.testing.assert_array_equal(seen[..., 0], seen[..., 2])
    np.testing.assert_array_equal(seen[:, 101 : 101 + GAP, 3], 0)
    right = seen[7, 101 + GAP :, 0].astype(int)
    assert np.abs(right - np.linspace(0, 255, 101)).max() <= 2


def test_painting_maps_the_range_to_black_and_white() -> None:
    png = thumbnail(ramp(), ramp(), {})
    right = pixels(painted(png, 25, 75))[7, 101 + GAP :, 0].astype(int)
    wanted = np.clip((np.arange(101) - 25) / 50, 0, 1) * 255
    assert np.abs(right - wanted).max() <= 4
    assert set(pixels(painted(png, 5, 5))[7, 101 + GAP :, 0]) == {128}


def test_painting_again_is_the_same_as_painting_once() -> None:
    png = thumbnail(ramp(), ramp(-3, 8), {"of": "abc"})
    assert painted(painted(png, -1, 5), 0, 3) == painted(png, 0, 3)
    left = [pixels(painted(png, *shown))[:, :101] for shown in ((0, 1), (2, 8))]
    np.testing.assert_array_equal(*left)


def test_inverted_scans_are_shown_inverted() -> None:
    seen = pixels(thumbnail(ramp(inverted=True), ramp(), {}))
    assert (seen[7, 0, 0], seen[7, 100, 0]) == (255, 0)
    assert (seen[7, 101 + GAP, 0], seen[7, -1, 0]) == (0, 255)


def test_padding_is_transparent_and_counts_nowhere() -> None:
    scan = Scan(ramp().data[1], "YX")
    valid = np.ones(scan.data.shape, bool)
    valid[:, :50] = False
    png = thumbnail(replace(scan, valid=valid), scan, {})
    np.testing.assert_array_equal(pixels(png)[:, :101, 3], np.where(valid, 255, 0))
    assert facts_in(png)["before"]["low"] >= 50


def test_facts_come_back() -> None:
    facts = facts_in(thumbnail(ramp(), ramp(-2, 2), {"of": "0f", "figures": {"mean": 0.1}}))
    assert (facts["of"], facts["figures"]) == ("0f", {"mean": 0.1})
    assert len(facts["after"]["counts"]) == BINS
    low, high = facts["after"]["low"], facts["after"]["high"]
    whole = ramp(-2, 2).data
    assert [low, high] == pytest.approx(np.percentile(whole, [0.5, 99.5]), abs=0.05)


@pytest.mark.parametrize("cut", [0, 10, 200, -200])
def test_a_damaged_thumbnail_is_none(cut: int) -> None:
    png = thumbnail(ramp(), ramp(), {})
    with pytest.raises(ValueError, match="is no thumbnail"):
        facts_in(png[:cut])


def test_a_picture_of_others_is_no_thumbnail() -> None:
    stream = BytesIO()
    Image.fromarray(np.zeros((3, 3), np.uint8)).save(stream, "PNG")
    with pytest.raises(ValueError, match="is no thumbnail"):
        facts_in(stream.getvalue())


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((1, 1), "YX"), ((5, 700), "YX"), ((4, 3, 33, 400), "CZYX"), ((2, 2, 161, 160), "TCYX"), ((3, 2, 2), "ZYX")],
)
def test_every_shape_fits(shape: tuple[int, ...], axes: str) -> None:
    data = np.random.default_rng(0).normal(size=shape)
    scan = Scan(data, axes)
    glance = Glance(scan)
    assert max(glance.picture.shape) <= EDGE
    middle = tuple(0 if a == "C" else n // 2 for a, n in zip(axes[:-2], shape, strict=False))
    step = -(-max(shape[-2:]) // EDGE)
    np.testing.assert_array_equal(glance.picture, data[middle][::step, ::step])
    assert pixels(thumbnail(scan, scan, {})).shape[0] == glance.picture.shape[0]


def test_constant_empty_and_complex_scans_have_thumbnails() -> None:
    flat = Scan(np.full((4, 4), 7, np.int16), "YX")
    nothing = Scan(np.zeros((4, 4)), "YX", valid=np.zeros((4, 4), bool))
    wave = Scan(np.exp(1j * np.arange(16).reshape(4, 4)) * 3, "YX")
    assert facts_in(thumbnail(flat, nothing, {}))["before"] == {"low": 7, "high": 7, "counts": [16]}
    assert facts_in(thumbnail(nothing, flat, {}))["before"]["counts"] == [0]
    assert facts_in(thumbnail(wave, flat, {}))["before"]["high"] == pytest.approx(3)


def test_a_histogram_counts_as_numpy_does() -> None:
    glance = Glance(Scan(np.random.default_rng(1).normal(size=(90, 80)).astype(np.float32), "YX"))
    wanted, _ = np.histogram(glance.sample, BINS, glance.range)
    found = glance.histogram()["counts"]
    # A value on an edge may fall to either side of it.
    assert np.abs(np.cumsum(found) - np.cumsum(wanted)).max() <= 1


def test_values_at_the_ends_of_floats_have_a_thumbnail() -> None:
    near = np.nextafter(np.float32(1e9), np.float32(2e9))
    narrow = Scan(np.array([[1e9, near], [near, 1e9]], np.float32), "YX")
    wide = Scan(np.array([[-1.7e308, 1.7e308], [0, 1e-300]]), "YX")
    for before, after in ((narrow, wide), (wide, narrow)):
        assert sum(facts_in(thumbnail(before, after, {}))["after"]["counts"]) > 0


def test_the_sample_does_not_walk_down_columns() -> None:
    """In an image of 1024 columns an even step would see few of them."""
    data = np.zeros((1024, 1024), np.float32)
    data[:, ::2] = 1
    assert Glance(Scan(data, "YX")).sample.mean() == pytest.approx(0.5, abs=0.01)
