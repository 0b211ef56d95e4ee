"""Loops of `prep_core.kernels.clahe`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, INT64, VOID, helper, loop, reads, writes

_RUN = 512  # pixels that are looked up together
_ZERO, _ONE = np.float32(0), np.float32(1)


@helper
def count(scaled: Any, counts: Any, top: Any, height: Any, width: Any) -> None:
    """Count the levels of one row of tiles, a row of pixels at a time."""
    rows, columns, steps = scaled.shape[0], scaled.shape[1], np.float32(counts.shape[1] - 1)
    levels = np.empty(columns, np.uint32)
    counts[:] = 0
    for y in range(top, top + height):
        line = scaled[y if y < rows else 2 * (rows - 1) - y]
        for x in range(columns):
            levels[x] = np.uint32(np.int32(np.rint(line[x] * steps)))
        for tile in range(counts.shape[0]):
            own, left, inside = counts[tile], tile * width, min((tile + 1) * width, columns)
            for x in range(left, inside):
                own[levels[x]] += 1
            for x in range(inside, left + width):
                own[levels[2 * (columns - 1) - x]] += 1


@helper
def cut(counts: Any, most: Any) -> int:
    """Cut the counts off at `most`, and say how much that was."""
    excess = 0
    for k in range(counts.size):
        excess += max(counts[k] - most, 0)
        counts[k] = min(counts[k], most)
    return excess


@helper
def rise_of(counts: Any, most: Any, excess: Any) -> float:
    """By how much every count rises that has room for it."""
    low, high = 0, most  # the largest whole rise that the excess is enough for lies between them
    while low < high:
        middle, held = (low + high + 1) // 2, 0
        for k in range(counts.size):
            held += min(most - counts[k], middle)
        if held <= excess:
            low = middle
        else:
            high = middle - 1
    full, held, largest = 0, 0, 0
    for k in range(counts.size):
        room = most - counts[k]
        if room <= low:
            full += 1
            held += room
        largest = max(largest, room)
    if full == counts.size:
        full, held = full - 1, held - largest
    return np.float64(excess - held) / np.float64(counts.size - full)


@helper
def write_map(counts: Any, rise: Any, most: Any, shares: Any) -> None:
    """The cumulative shares of counts that have risen, and their differences."""
    total, sums = 0.0, np.empty(counts.size, np.float64)
    for k in range(counts.size):
        total += min(np.float64(counts[k]) + rise, np.float64(most))
        sums[k] = total
    for k in range(counts.size):
        shares[k, 0] = np.float32(min(sums[k] / total, 1.0))
        shares[k, 1] = _ZERO
    for k in range(counts.size - 1):
        shares[k, 1] = shares[k + 1, 0] - shares[k, 0]


@loop(VOID, reads(FLOAT32, 2), writes(FLOAT32, 4), INT64, INT64, INT64, INT64)
def tile_maps(scaled: Any, maps: Any, first: int, height: int, width: int, most: int) -> None:
    counts = np.empty((maps.shape[1], maps.shape[2]), np.int64)
    for row in range(maps.shape[0]):
        count(scaled, counts, (first + row) * height, height, width)
        for column in range(maps.shape[1]):
            rise = rise_of(counts[column], most, cut(counts[column], most))
            write_map(counts[column], rise, most, maps[row, column])


@helper
def doubled(weights: Any) -> Any:
    """Each weight twice: for a map, and for its rise."""
    twice = np.empty(2 * weights.size, np.float32)
    for x in range(weights.size):
        twice[2 * x], twice[2 * x + 1] = weights[x], weights[x]
    return twice


@helper
def mix(a: Any, b: Any, c: Any, d: Any, across: Any, down: Any) -> None:
    """Interpolate between four tiles; the result takes the place of the first."""
    for i in range(across.size):
        top = a[i] + (b[i] - a[i]) * across[i]
        bottom = c[i] + (d[i] - c[i]) * across[i]
        a[i] = top + (bottom - top) * down


@loop(
    VOID,
    reads(FLOAT32, 2),
    writes(FLOAT32, 2),
    reads(FLOAT32, 4),
    reads(INT64),
    reads(INT64),
    reads(FLOAT32),
    reads(INT64),
    reads(INT64),
    reads(FLOAT32),
)
def look_up(
    scaled: Any, out: Any, maps: Any, upper: Any, lower: Any, down: Any, left: Any, right: Any, across: Any
) -> None:
    bins, steps, weights = maps.shape[2], np.float32(maps.shape[2] - 1), doubled(across)
    # A map and its rise are moved as one number of 64 bits, as that is what this waits for.
    pairs = maps.reshape(-1).view(np.uint64)
    a, b, c, d = (
        np.empty(_RUN, np.uint64),
        np.empty(_RUN, np.uint64),
        np.empty(_RUN, np.uint64),
        np.empty(_RUN, np.uint64),
    )
    level, beyond = np.empty(_RUN, np.uint32), np.empty(_RUN, np.float32)
    found = a.view(np.float32)
    before, after = (left * bins).astype(np.uint32), (right * bins).astype(np.uint32)
    for start in range(0, scaled.shape[1], _RUN):
        share = weights[2 * start : 2 * (start + _RUN)]
        own_before, own_after = before[start : start + _RUN], after[start : start + _RUN]
        for y in range(scaled.shape[0]):
            above, under = pairs[upper[y] * maps.shape[1] * bins :], pairs[lower[y] * maps.shape[1] * bins :]
            line, result = scaled[y, start : start + _RUN], out[y, start : start + _RUN]
            for i in range(line.size):
                place = line[i] * steps
                level[i] = np.uint32(np.int32(place))
                beyond[i] = place - np.float32(np.int32(level[i]))
            for i in range(line.size):
                at_left, at_right = np.uint32(own_before[i] + level[i]), np.uint32(own_after[i] + level[i])
                a[i], b[i], c[i], d[i] = above[at_left], above[at_right], under[at_left], under[at_right]
            mix(found, b.view(np.float32), c.view(np.float32), d.view(np.float32), share, down[y])
            for i in range(line.size):
                value = found[2 * i] + found[2 * i + 1] * beyond[i]
                value = _ZERO if value < _ZERO else value
                result[i] = _ONE if value > _ONE else value
