"""CLAHE as a line: a measured input range keeps one hot pixel from moving all others, and padding out."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage.exposure import equalize_adapthist

from tests.ops.lines import done, scan_of


def textured() -> np.ndarray:
    """Fine grain on coarse shading, from 0 to 1."""
    noise = np.random.default_rng(0).normal(size=(200, 300))
    mixed = gaussian_filter(noise, 2) * 6 + gaussian_filter(noise[::-1], 30) * 60
    return ((mixed - mixed.min()) / np.ptp(mixed)).astype(np.float32)


def moved_by_a_hot_pixel(equalised) -> np.ndarray:
    """How far every other pixel moves when one becomes 1e4."""
    spoilt = textured()
    spoilt[100, 150] = 1e4
    rest = np.ones(spoilt.shape, bool)
    rest[100, 150] = False
    return np.abs(equalised(spoilt) - equalised(textured()))[rest]


def by_its_own_range(image: np.ndarray) -> np.ndarray:
    return equalize_adapthist((image - image.min()) / np.ptp(image), kernel_size=64)


@pytest.mark.parametrize("engine", ["skimage", "fast"])
def test_a_hot_pixel_moves_the_rest_by_little(engine: str) -> None:
    moved = moved_by_a_hot_pixel(lambda image: done("clahe", scan_of(image), engine=engine).scan.data)
    assert moved.mean() < 1e-3
    assert moved.max() < 0.02


def test_a_hot_pixel_moves_the_rest_by_much_when_it_decides_the_range() -> None:
    assert moved_by_a_hot_pixel(by_its_own_range).mean() > 0.3


@pytest.mark.parametrize("engine", ["skimage", "fast"])
def test_the_value_of_padding_moves_nothing(engine: str) -> None:
    valid = np.ones((200, 300), bool)
    valid[:50] = False
    padded = [np.where(valid, textured(), np.float32(value)) for value in (0.5, -2000.0, 1e6, np.nan)]
    first, *others = (done("clahe", scan_of(image, valid), engine=engine).scan.data[valid] for image in padded)
    for other in others:
        assert np.array_equal(first, other)
