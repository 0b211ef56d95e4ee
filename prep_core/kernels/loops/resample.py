"""Loops of `prep_core.kernels.resample`."""

import math
from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, FLOAT64, INT64, VOID, helper, loop, reads, writes

_POLE = math.sqrt(3) - 2
_ROWS = 16
_COLUMNS = 64
"""Of lines that go together: they stay in the first two levels of the cache, and fill vectors."""


@loop(
    VOID,
    reads(FLOAT32, 3),
    reads(INT64),
    reads(FLOAT64),
    reads(INT64),
    reads(FLOAT64),
    reads(INT64),
    reads(FLOAT64),
    writes(FLOAT32, 3),
)
def linear(values: Any, z: Any, share_z: Any, y: Any, share_y: Any, x: Any, share_x: Any, out: Any) -> None:
    row = np.empty(values.shape[2] + 1)
    before = np.empty((_ROWS, x.size))
    after = np.empty((_ROWS, x.size))
    for top in range(0, y.size, _ROWS):
        rows = min(_ROWS, y.size - top)
        at_before = -1
        at_after = -1
        for k in range(z.size):
            here = z[k]
            there = min(here + 1, values.shape[0] - 1)
            if here != at_before and here == at_after:
                before, after = after, before
                at_after = -1
            elif here != at_before:
                _fill(values[here], y, share_y, x, share_x, top, rows, row, before)
            at_before = here
            if there != at_after:
                _fill(values[there], y, share_y, x, share_x, top, rows, row, after)
                at_after = there
            share = share_z[k]
            for j in range(rows):
                lower, upper, target = before[j], after[j], out[k, top + j]
                for i in range(x.size):
                    target[i] = lower[i] + share * (upper[i] - lower[i])


@helper
def _fill(plane: Any, y: Any, share_y: Any, x: Any, share_x: Any, top: Any, rows: Any, row: Any, filled: Any) -> None:
    columns = plane.shape[1]
    for j in range(rows):
        here = y[top + j]
        there = min(here + 1, plane.shape[0] - 1)
        share = share_y[top + j]
        lower, upper, target = plane[here], plane[there], filled[j]
        for i in range(columns):
            value = np.float64(lower[i])
            row[i] = value + share * (np.float64(upper[i]) - value)
        row[columns] = row[columns - 1]
        behind = row[1:]
        for i in range(x.size):
            # Without a sign: Numba looks at each whether it counts from the end.
            at = np.uint64(x[i])
            value = row[at]
            target[i] = value + share_x[i] * (behind[at] - value)


@loop(
    VOID,
    reads(FLOAT32, 3),
    reads(INT64, 2),
    reads(FLOAT64, 2),
    reads(FLOAT64),
    reads(INT64, 2),
    reads(FLOAT64, 2),
    reads(FLOAT64),
    writes(FLOAT32, 3),
)
def cubic_within_planes(
    values: Any, y: Any, weights_y: Any, ends_y: Any, x: Any, weights_x: Any, ends_x: Any, out: Any
) -> None:
    planes, height, width = values.shape
    new_height, new_width = y.shape[0], x.shape[0]
    down = np.empty((height, _COLUMNS))
    rows = np.empty((new_height, width))
    across = np.empty((width, _ROWS))
    for at in range(planes):
        for start in range(0, width, _COLUMNS):
            stop = min(start + _COLUMNS, width)
            for i in range(height):
                source = values[at, i, start:]
                for j in range(stop - start):
                    down[i, j] = source[j]
            _make_control_points(down, ends_y)
            for i in range(new_height):
                _mix(down, y[i], weights_y[i], rows[i, start:stop])
        for start in range(0, new_height, _ROWS):
            stop = min(start + _ROWS, new_height)
            for j in range(stop - start):
                source = rows[start + j]
                for i in range(width):
                    across[i, j] = source[i]
            _make_control_points(across, ends_x)
            for i in range(new_width):
                _mix(across, x[i], weights_x[i], out[at, start:stop, i])


@loop(
    VOID,
    reads(FLOAT32, 2),
    reads(INT64, 2),
    reads(FLOAT64, 2),
    reads(FLOAT64),
    INT64,
    INT64,
    writes(FLOAT32, 2),
)
def cubic_across_planes(values: Any, z: Any, weights_z: Any, ends_z: Any, start: Any, stop: Any, out: Any) -> None:
    lines = np.empty((values.shape[0], _COLUMNS))
    for low in range(start, stop, _COLUMNS):
        high = min(low + _COLUMNS, stop)
        for i in range(values.shape[0]):
            source = values[i, low:]
            for j in range(high - low):
                lines[i, j] = source[j]
        _make_control_points(lines, ends_z)
        for i in range(z.shape[0]):
            _mix(lines, z[i], weights_z[i], out[i, low:high])


@helper
def _mix(points: Any, seen: Any, weights: Any, mixed: Any) -> None:
    first, second, third, fourth = points[seen[0]], points[seen[1]], points[seen[2]], points[seen[3]]
    for j in range(mixed.size):
        total = first[j] * weights[0]
        total += second[j] * weights[1]
        total += third[j] * weights[2]
        total += fourth[j] * weights[3]
        mixed[j] = total


@helper
def _make_control_points(lines: Any, ends: Any) -> None:
    n, width = lines.shape
    if n == 1:
        return
    first = np.zeros(width)
    for i in range(n):
        for j in range(width):
            lines[i, j] *= 6.0
    for i in range(ends.size):
        for j in range(width):
            first[j] += ends[i] * lines[i, j]
    for j in range(width):
        lines[0, j] = first[j]
    for i in range(1, n):
        here, before = lines[i], lines[i - 1]
        for j in range(width):
            here[j] += _POLE * before[j]
    here, before = lines[n - 1], lines[n - 2]
    for j in range(width):
        here[j] = (here[j] + _POLE * before[j]) * (_POLE / (_POLE * _POLE - 1.0))
    for i in range(n - 2, -1, -1):
        here, after = lines[i], lines[i + 1]
        for j in range(width):
            here[j] = _POLE * (after[j] - here[j])
