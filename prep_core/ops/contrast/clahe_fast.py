"""CLAHE on floats, with exact clipping by water-filling."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.clahe import look_up, tile_maps
from prep_core.kernels.parts import in_parts

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

_FEWEST = 1 << 18
"""Pixels that are worth a thread."""


def clahe_fast(scaled: Floats, *, tile: int, clip_limit: float, bins: int, out: Floats | None = None) -> Floats:
    """Equalise one plane of values between 0 and 1, tile by tile, over fixed grey levels.

    Parameters
    ----------
    scaled : (y, x) float32 ndarray
        Values in [0, 1].
    tile : int
        Side of a tile in pixels; limited to the size of the plane.
    clip_limit : float
        Largest share of a tile's pixels that one level may keep; 0 does not clip.
    bins : int
        Number of levels k / (bins - 1), at least 2.
    out : (y, x) float32 ndarray, optional
        Where to write, C-contiguous; it may be `scaled`.

    Returns
    -------
    (y, x) float32 ndarray
        Values in [0, 1].

    Notes
    -----
    A pixel counts for the level nearest to it.  The map of a tile is, at a level, the cumulative sum of the
    clipped histogram over its total, and linear between levels.  The result is that map, interpolated
    linearly between the centres of the four nearest tiles [1]_.

    The levels belong to the input range and not to the plane, so a pixel changes nothing two tiles away.
    Values nearest to the same level stay apart.  scikit-image merges them, and stretches each plane to its
    own range.

    References
    ----------
    .. [1] K. Zuiderveld, "Contrast limited adaptive histogram equalization", Graphics Gems IV, 1994, p. 474.
    """
    scaled = np.require(scaled, np.float32, ["C", "A"])
    height, width = (min(tile, pixels) for pixels in scaled.shape)
    rows, columns = (-(-pixels // side) for pixels, side in zip(scaled.shape, (height, width), strict=True))
    most = max(int(clip_limit * height * width), 1) if clip_limit > 0 else height * width
    maps = np.empty((rows, columns, bins, 2), np.float32)
    upper, lower, down = _neighbours(scaled.shape[0], height, rows)
    left, right, across = _neighbours(scaled.shape[1], width, columns)
    result = np.empty(scaled.shape, np.float32) if out is None else out

    def measure(part: slice) -> None:
        tile_maps(scaled, maps[part], part.start, height, width, most)

    def equalise(part: slice) -> None:
        look_up(scaled[part], result[part], maps, upper[part], lower[part], down[part], left, right, across)

    in_parts(rows, measure, max(1, _FEWEST // (height * scaled.shape[1])))
    in_parts(scaled.shape[0], equalise, max(1, _FEWEST // scaled.shape[1]))
    return result


@lru_cache(maxsize=16)
def _neighbours(pixels: int, side: int, tiles: int) -> tuple[Indices, Indices, Floats]:
    """For each pixel the tiles before and after it, and the weight of the latter; kept, as all planes have the same."""
    place = (np.arange(pixels) + 0.5) / side - 0.5
    before = np.floor(place).astype(np.int64)
    weight = (place - before).astype(np.float32)
    found = np.clip(before, 0, tiles - 1), np.clip(before + 1, 0, tiles - 1), weight
    for array in found:
        array.flags.writeable = False
    return found
