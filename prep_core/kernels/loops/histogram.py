"""Loops of `prep_core.kernels.histogram`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, FLOAT64, INT64, helper, loop, reads, writes

_BLOCK = 1 << 12
_ONE = np.uint64(1)


@loop(writes(INT64), reads(FLOAT32), reads(FLOAT64))
def float_bins(values: Any, edges: Any) -> Any:
    bins = edges.size - 1
    # One more for what lies outside.  Nothing is at or above the end of the last bin, nor of that one, nor below it.
    ends = np.full(bins + 3, np.inf)
    ends[:bins] = edges[:bins]
    ends[bins + 1] = -np.inf
    lanes = np.zeros((2, bins + 3), np.int64)  # as in counting
    places = np.empty(_BLOCK, np.int32)
    for start in range(0, values.size, _BLOCK):
        block = values[start : start + _BLOCK]
        _estimate(block, edges, places)
        _count(block, ends, places, lanes)
    return (lanes[0] + lanes[1])[:bins]


@helper
def _estimate(values: Any, edges: Any, places: Any) -> None:
    """The bin of each value, give or take one, in the arithmetic of NumPy."""
    bins = edges.size - 1
    first, last, count, outside = edges[0], edges[bins], np.float64(bins), np.int32(bins + 1)
    width, highest = last - first, np.int32(bins - 1)
    for i in range(values.size):
        value = np.float64(values[i])
        inside = (value >= first) & (value <= last)
        place = np.int32((value - first) / width * count) if inside else outside
        places[i] = highest if place == bins else place


@helper
def _count(values: Any, ends: Any, places: Any, lanes: Any) -> None:
    for i in range(values.size):
        value, place = np.float64(values[i]), np.uint64(places[i])
        place += np.uint64(value >= ends[place + _ONE]) - np.uint64(value < ends[place])
        lanes[i & 1, place] += 1
