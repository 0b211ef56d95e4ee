"""CLAHE on floats with NumPy alone: exact clipping by water-filling, one strip of tiles at a time."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]
Pairs = NDArray[np.complex64]


def clahe_fast(scaled: Floats, *, tile: int, clip_limit: float, bins: int) -> Floats:
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
    size = (min(tile, scaled.shape[0]), min(tile, scaled.shape[1]))
    place = scaled * np.float32(bins - 1)
    maps = _tile_maps(np.rint(place).astype(np.intp), size, clip_limit, bins)
    below = place.astype(np.intp)
    return _interpolated(below, place - below.astype(np.float32), _paired(maps), size)


def clip_counts(counts: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """Cut each histogram off at `most` and share the excess out evenly among the levels that have room.

    Every count below `most` rises by the same amount, as far as `most`: the limit of repeated uniform
    redistribution, solved at once.  Where the excess does not fit, all counts end at `most`.

    Parameters
    ----------
    counts : (histograms, bins) int ndarray
    most : int
        What one level may keep.
    """
    kept = np.minimum(counts, most)
    excess = (counts - kept).sum(axis=1, keepdims=True)
    room = np.sort(most - kept, axis=1)
    still_rising = np.arange(room.shape[1], 0, -1)
    held_by_full = np.cumsum(room, axis=1) - room
    held_at_room = held_by_full + room * still_rising
    full = np.minimum((held_at_room <= excess).sum(axis=1, keepdims=True), room.shape[1] - 1)
    rise = (excess - np.take_along_axis(held_by_full, full, axis=1)) / still_rising[full]
    clipped: NDArray[np.float64] = np.minimum(kept + rise, most)
    return clipped


def _tile_maps(levels: Indices, size: tuple[int, int], clip_limit: float, bins: int) -> Floats:
    """(tile rows, tile columns, bins) cumulative shares of the clipped histogram of each tile."""
    height, width = size
    padding = [(0, -n % side) for n, side in zip(levels.shape, size, strict=True)]
    padded = np.pad(levels, padding, mode="reflect")
    rows, columns = padded.shape[0] // height, padded.shape[1] // width
    first_bin = (np.arange(rows * columns) * bins).reshape(rows, 1, columns, 1)
    keys = padded.reshape(rows, height, columns, width) + first_bin
    counts = np.bincount(keys.ravel(), minlength=rows * columns * bins).reshape(-1, bins)
    shares = np.cumsum(clip_counts(counts, _most(clip_limit, height * width)), axis=1)
    maps: Floats = np.minimum(shares / shares[:, -1:], 1).astype(np.float32)
    return maps.reshape(rows, columns, bins)


def _most(clip_limit: float, pixels: int) -> int:
    return max(int(clip_limit * pixels), 1) if clip_limit > 0 else pixels


def _paired(maps: Floats) -> Pairs:
    """Each map (real) and its rise to the next level (imaginary), so that one look-up finds both."""
    pairs = np.zeros(maps.shape, np.complex64)
    pairs.real = maps
    pairs.imag[..., :-1] = np.diff(maps)
    return pairs


def _interpolated(below: Indices, beyond: Floats, maps: Pairs, size: tuple[int, int]) -> Floats:
    """Look every pixel up in the maps of its four tiles, a strip between two rows of tile centres at a time.

    `below` is the last level that a pixel reaches, `beyond` how far it is on the way to the next.
    """
    bins = maps.shape[2]
    upper, lower, down = _neighbours(below.shape[0], size[0], maps.shape[0])
    left, right, across = _neighbours(below.shape[1], size[1], maps.shape[1])
    result = np.empty(below.shape, np.float32)
    edges = np.flatnonzero(np.diff(upper + lower, prepend=-1, append=-1))
    for start, stop in pairwise(edges):
        at_left, at_right = below[start:stop] + left * bins, below[start:stop] + right * bins
        top = _mixed(maps[upper[start]], at_left, at_right, across)
        bottom = _mixed(maps[lower[start]], at_left, at_right, across)
        mixed = top + (bottom - top) * down[start:stop, None]
        result[start:stop] = mixed.real + mixed.imag * beyond[start:stop]
    return np.clip(result, 0, 1, out=result)


def _mixed(maps: Pairs, at_left: Indices, at_right: Indices, across: Floats) -> Pairs:
    """The maps of one row of tiles, looked up on both sides and interpolated along x."""
    left, right = maps.ravel()[at_left], maps.ravel()[at_right]
    mixed: Pairs = left + (right - left) * across
    return mixed


def _neighbours(pixels: int, side: int, tiles: int) -> tuple[Indices, Indices, Floats]:
    """For each pixel the tiles before and after it, and the weight of the latter."""
    place = (np.arange(pixels) + 0.5) / side - 0.5
    before = np.floor(place).astype(np.intp)
    weight = (place - before).astype(np.float32)
    return np.clip(before, 0, tiles - 1), np.clip(before + 1, 0, tiles - 1), weight
