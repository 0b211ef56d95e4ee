"""Loops of `prep_core.kernels.curve`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, FLOAT64, VOID, helper, loop, reads, writes

_RUN = 256  # values that go through together
_MOST = 1 << 14  # cells of a table: with 4 bytes each it stays in the second-level cache


@helper
def cell(x: Any, start: Any, scale: Any, last: Any) -> Any:
    """In which of the even cells between the first and the last point a value lies; NaN in the first."""
    place = (x - start) * scale
    place = place if place > 0.0 else 0.0
    return np.int32(last if place > last else place)


@helper
def cells_of(points: Any) -> Any:
    """How many points lie in the cells before each, and their number per unit.

    What lies in a cell has at least so many points below it, and at most those of the next cell, however it is rounded.
    """
    count = min(max(16 * points.size, 1024), _MOST)
    width = points[points.size - 1] - points[0]
    scale = count / width if width > 0.0 else 0.0
    before = np.zeros(count + 1, np.int32)
    for k in range(points.size):
        before[np.uint32(cell(points[k], points[0], scale, np.float64(count - 1))) + np.uint32(1)] += 1
    for k in range(count):
        before[k + 1] += before[k]
    return before, scale


@helper
def look(given: Any, found: Any, size: Any, points: Any, lines: Any, before: Any, scale: Any) -> None:
    """Replace the first `size` of `given` by their values on the curve."""
    start, last = points[0], np.float64(before.size - 2)
    for i in range(size):
        found[i] = cell(given[i], start, scale, last)
    for i in range(size):
        x = given[i]
        low, high = before[np.uint32(found[i])], before[np.uint32(found[i]) + np.uint32(1)]
        while low < high:
            middle = (low + high) >> 1
            if points[np.uint32(middle)] <= x:
                low = middle + 1
            else:
                high = middle
        own = np.uint32(low)
        given[i] = lines[own, 1] * (x - lines[own, 0]) + lines[own, 2]


@helper
def limit(given: Any, low: Any, high: Any) -> None:
    for i in range(given.size):
        raised = low if given[i] < low else given[i]
        given[i] = high if raised > high else raised


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT64), reads(FLOAT64, 2), FLOAT64, FLOAT64)
def curve(image: Any, out: Any, points: Any, lines: Any, low: float, high: float) -> None:
    before, scale = cells_of(points)
    given, found = np.zeros(_RUN, np.float64), np.empty(_RUN, np.int32)
    for start in range(0, image.size, _RUN):
        part, result = image[start : start + _RUN], out[start : start + _RUN]
        for i in range(part.size):
            given[i] = part[i]
        limit(given, low, high)
        look(given, found, part.size, points, lines, before, scale)
        for i in range(part.size):
            result[i] = given[i]


@loop(VOID, reads(FLOAT32), writes(FLOAT32), reads(FLOAT64), reads(FLOAT64, 2), reads(FLOAT64), reads(FLOAT64, 2))
def curve_of_curve(image: Any, out: Any, points: Any, first: Any, places: Any, second: Any) -> None:
    inner, outer = cells_of(points), cells_of(places)
    given, found = np.zeros(_RUN, np.float64), np.empty(_RUN, np.int32)
    for start in range(0, image.size, _RUN):
        part, result = image[start : start + _RUN], out[start : start + _RUN]
        for i in range(part.size):
            given[i] = part[i]
        limit(given, np.nextafter(points[0], -np.inf), points[points.size - 1])
        look(given, found, part.size, points, first, inner[0], inner[1])
        limit(given, np.nextafter(places[0], -np.inf), places[places.size - 1])
        look(given, found, part.size, places, second, outer[0], outer[1])
        for i in range(part.size):
            result[i] = given[i]
