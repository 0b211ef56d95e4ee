"""Loops of `prep_core.kernels.n4_histogram`."""

from typing import Any

import numpy as np

from prep_core.kernels.loops.declared import FLOAT64, INT64, loop, reads, writes


@loop(writes(FLOAT64), reads(FLOAT64), FLOAT64, FLOAT64, INT64)
def shared_counts(values: Any, low: Any, width: Any, bins: Any) -> Any:
    lower = np.zeros(bins)
    upper = np.zeros(bins + 1)
    for i in range(values.size):
        place = (values[i] - low) / width
        below = min(np.int64(place), bins - 1)
        share = place - below if below < bins - 1 else 0.0
        lower[below] += 1.0 - share
        upper[below + 1] += share
    return lower + upper[:bins]


@loop(writes(FLOAT64), reads(FLOAT64), FLOAT64, FLOAT64, reads(FLOAT64))
def left_over(values: Any, low: Any, width: Any, sharpened: Any) -> Any:
    left = np.empty(values.size)
    last = sharpened.size - 2
    for i in range(values.size):
        place = (values[i] - low) / width
        below = min(np.int64(place), last)
        start = sharpened[below]
        left[i] = values[i] - (start + (sharpened[below + 1] - start) * (place - below))
    return left
