"""Loops of `prep_core.kernels.correlation`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT32, FLOAT64, INT64, VOID, helper, loop, reads, writes

_COLUMNS = 32
"""Lines that go together: they stay in the second-level cache."""

_BLOCK = 512
"""Sums that go together: they stay in the first-level cache."""


@loop(VOID, reads(FLOAT32, 3), reads(INT64), reads(FLOAT64), INT64, INT64, writes(FLOAT32, 3))
def correlated(values: Any, lines: Any, weights: Any, start: Any, stop: Any, out: Any) -> None:
    if values.shape[2] == 1:
        _along_rows(values, lines, weights, out)
    else:
        _along_columns(values, lines, weights, start, stop, out)


@helper
def _along_rows(values: Any, lines: Any, weights: Any, out: Any) -> None:
    before, n, _ = values.shape
    radius = weights.size - 1
    long = np.empty(lines.size)
    total = np.empty(n)
    for row in range(before):
        for i in range(radius):
            long[i] = values[row, lines[i], 0]
            long[radius + n + i] = values[row, lines[radius + n + i], 0]
        for i in range(n):
            long[radius + i] = values[row, i, 0]
        _sum(long, weights, 1, total)
        for i in range(n):
            out[row, i, 0] = total[i]


@helper
def _along_columns(values: Any, lines: Any, weights: Any, start: Any, stop: Any, out: Any) -> None:
    before, n, _ = values.shape
    long = np.zeros((lines.size, _COLUMNS))
    total = np.empty((n, _COLUMNS))
    for outer in range(before):
        for left in range(start, stop, _COLUMNS):
            width = min(_COLUMNS, stop - left)
            for i in range(lines.size):
                source = values[outer, lines[i], left:]
                for j in range(width):
                    long[i, j] = source[j]
            _sum(long.reshape(-1), weights, _COLUMNS, total.reshape(-1))
            for i in range(n):
                target = out[outer, i, left:]
                for j in range(width):
                    target[j] = total[i, j]


@helper
def _sum(long: Any, weights: Any, step: Any, total: Any) -> None:
    radius = weights.size - 1
    for start in range(0, total.size, _BLOCK):
        part = total[start : start + _BLOCK]
        middle = long[radius * step + start :]
        for i in range(part.size):
            part[i] = middle[i] * weights[0]
        for far in range(radius, 0, -1):
            weight = weights[far]
            left = long[(radius - far) * step + start :]
            right = long[(radius + far) * step + start :]
            for i in range(part.size):
                part[i] += (left[i] + right[i]) * weight
