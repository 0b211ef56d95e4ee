import numpy as np
import pytest

from prep_core.kernels.clahe import look_up, tile_maps
from prep_core.ops.contrast.clahe_fast import clahe_fast
from tests.kernels.odd_values import same_bits
from tests.kernels.twins import twins

SHAPES = [(1, 1), (7, 5), (40, 33), (64, 64), (65, 130), (9, 600)]
"""The last is wider than what the loop looks up at once."""


def plane(shape: tuple[int, int], peak: float = 2.0) -> np.ndarray:
    """Values from 0 to 1, many of both, and halves between levels."""
    values = np.random.default_rng(sum(shape)).gamma(peak, 0.3, shape).astype(np.float32)
    values.flat[::7] = np.float32(0.5 / 15)
    return np.clip(values - np.float32(0.1), 0, 1)


def equalised(form: int, scaled: np.ndarray, monkeypatch: pytest.MonkeyPatch, **settings: float) -> np.ndarray:
    for kernel in (tile_maps, look_up):
        monkeypatch.setattr(f"prep_core.ops.contrast.clahe_fast.{kernel.__name__}", twins(kernel)[form])
    return clahe_fast(scaled, **settings)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tile", [4, 16, 64])
@pytest.mark.parametrize(("bins", "clip_limit"), [(2, 0.0), (16, 0.01), (256, 0.02), (256, 1.0), (1000, 0.3)])
def test_both_forms_give_the_same_bits(
    shape: tuple[int, int], tile: int, bins: int, clip_limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaled = plane(shape)
    settings = {"tile": tile, "bins": bins, "clip_limit": clip_limit}
    plain, loop = (equalised(form, scaled, monkeypatch, **settings) for form in (0, 1))
    assert same_bits(plain, loop)


@pytest.mark.parametrize("most", [1, 3, 9, 40, 256])
def test_maps_of_some_rows_are_those_of_all(most: int) -> None:
    scaled, wanted = plane((50, 70)), np.empty((4, 5, 16, 2), np.float32)
    twins(tile_maps)[0](scaled, wanted, 0, 16, 16, most)
    for form in twins(tile_maps):
        for first in range(4):
            maps = np.full((4 - first, 5, 16, 2), np.nan, np.float32)
            form(scaled, maps, first, 16, 16, most)
            assert same_bits(maps, wanted[first:])


@pytest.mark.parametrize("form", [0, 1])
def test_a_map_is_the_share_of_what_each_level_may_keep(form: int) -> None:
    # Levels 0 1/3 2/3 1 hold 6 1 1 0 of 8 pixels; 3 may stay, and 3 are shared out among three: 3 2 2 1.
    scaled = np.array([[0, 0, 0, 0], [0, 0, 1 / 3, 2 / 3]], np.float32)
    maps = np.empty((1, 1, 4, 2), np.float32)
    twins(tile_maps)[form](scaled, maps, 0, 2, 4, 3)
    assert maps[0, 0, :, 0].tolist() == [3 / 8, 5 / 8, 7 / 8, 1]
    assert maps[0, 0, :, 1].tolist() == [1 / 4, 1 / 4, 1 / 8, 0]


@pytest.mark.parametrize("form", [0, 1])
def test_a_pixel_lies_between_the_maps_of_four_tiles(form: int) -> None:
    # Two levels; each tile's map is flat, so that only the weights count: 0 8 / 4 16, a quarter right, half down.
    maps = np.zeros((2, 2, 2, 2), np.float32)
    maps[..., 0] = np.array([[0, 8], [4, 16]], np.float32)[..., None] / 16
    there, beyond, half = np.array([0]), np.array([1]), np.array([0.5], np.float32)
    out = np.empty((1, 1), np.float32)
    scaled, quarter = np.array([[0.3]], np.float32), np.array([0.25], np.float32)
    twins(look_up)[form](scaled, out, maps, there, beyond, half, there, beyond, quarter)
    assert out.tolist() == [[(2 + 7) / 2 / 16]]


@pytest.mark.parametrize("form", [0, 1])
def test_it_may_be_written_where_it_was_read(form: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scaled, settings = plane((65, 300)), {"tile": 16, "bins": 64, "clip_limit": 0.05}
    scaled.flags.writeable = False
    apart = equalised(form, scaled, monkeypatch, **settings)
    same = scaled.copy()
    assert equalised(form, same, monkeypatch, **settings, out=same) is same
    assert same_bits(same, apart)


def test_several_threads_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    scaled, settings = plane((600, 500)), {"tile": 64, "bins": 256, "clip_limit": 0.01}
    together = clahe_fast(scaled, **settings)
    monkeypatch.setattr("prep_core.ops.contrast.clahe_fast._FEWEST", 1 << 40)
    assert same_bits(clahe_fast(scaled, **settings), together)
