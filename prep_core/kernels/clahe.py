"""The two halves of CLAHE on floats: a map of grey levels for each tile, and each pixel looked up in four of them."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.kernels.switch import kernel

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Pairs = NDArray[np.complex64]


@kernel
def tile_maps(scaled: Floats, maps: Floats, first: int, height: int, width: int, most: int) -> None:
    """Write the maps of some rows of tiles: at each level the share of the clipped histogram up to it.

    Parameters
    ----------
    scaled : (y, x) float32 ndarray
        The whole plane, from 0 to 1; mirrored about its last row and column where the last tiles reach beyond them.
    maps : (tile rows, tile columns, bins, 2) float32 ndarray
        The map, and its rise to the next level, 0 for the last.
    first : int
        The first of the rows of tiles.
    height, width : int
        Of a tile, in pixels; no more than the plane has.
    most : int
        Pixels that one level may keep.
    """
    rows, columns, bins, _ = maps.shape
    down = _mirrored(first * height, (first + rows) * height, scaled.shape[0])
    along = _mirrored(0, columns * width, scaled.shape[1])
    levels = np.rint(scaled[down][:, along] * np.float32(bins - 1)).astype(np.int64)
    first_bin = (np.arange(rows * columns) * bins).reshape(rows, 1, columns, 1)
    keys = levels.reshape(rows, height, columns, width) + first_bin
    counts = np.bincount(keys.ravel(), minlength=rows * columns * bins).reshape(-1, bins)
    shares = np.cumsum(clip_counts(counts, most), axis=1)
    maps[..., 0] = np.minimum(shares / shares[:, -1:], 1).reshape(rows, columns, bins)
    maps[..., :-1, 1] = np.diff(maps[..., 0])
    maps[..., -1, 1] = 0


def clip_counts(counts: Indices, most: int) -> NDArray[np.float64]:
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


@kernel
def look_up(
    scaled: Floats,
    out: Floats,
    maps: Floats,
    upper: Indices,
    lower: Indices,
    down: Floats,
    left: Indices,
    right: Indices,
    across: Floats,
) -> None:
    """Write what the maps of the four nearest tiles make of each pixel, interpolated between their centres.

    Parameters
    ----------
    scaled, out : (y, x) float32 ndarray
        Some rows of the plane; they may be the same array.
    maps : (tile rows, tile columns, bins, 2) float32 ndarray
        As `tile_maps` writes them, of the whole plane.
    upper, lower, down : (y,) ndarray
        For each row of pixels the rows of tiles above and below it, and the weight of the lower one.
    left, right, across : (x,) ndarray
        For each column of pixels the same.
    """
    place = scaled * np.float32(maps.shape[2] - 1)
    below = place.astype(np.int64)
    beyond = place - below.astype(np.float32)
    pairs = maps.view(np.complex64)[..., 0]  # so that one look-up finds a map and its rise
    # A strip between two rows of tile centres at a time.
    for start, stop in pairwise(np.flatnonzero(np.diff(upper + lower, prepend=-1, append=-1))):
        places = below[start:stop]
        top = _mixed(pairs[upper[start]], places, left, right, across)
        bottom = _mixed(pairs[lower[start]], places, left, right, across)
        mixed = top + (bottom - top) * down[start:stop, None]
        np.clip(mixed.real + mixed.imag * beyond[start:stop], 0, 1, out=out[start:stop])


def _mirrored(start: int, stop: int, size: int) -> NDArray[Any]:
    """The places from `start` to `stop`, turned back at the last of `size`."""
    places = np.arange(start, stop)
    return np.where(places < size, places, 2 * (size - 1) - places)


def _mixed(pairs: Pairs, places: Indices, left: Indices, right: Indices, across: Floats) -> Pairs:
    """The maps of one row of tiles, looked up on both sides and interpolated along x."""
    bins = pairs.shape[1]
    at_left, at_right = pairs.ravel()[places + left * bins], pairs.ravel()[places + right * bins]
    mixed: Pairs = at_left + (at_right - at_left) * across
    return mixed
