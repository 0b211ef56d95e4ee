"""Percentiles as places among sorted values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def places_of(percents: Sequence[float], count: int) -> NDArray[np.float64]:
    """Where each percentile lies among `count` sorted values, from 0: between two of them, in general."""
    places: NDArray[np.float64] = (count - 1) * (np.array(percents) / 100)
    return places


def neighbours(places: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The ranks just below all `places`, and then those just above."""
    below = np.minimum(np.floor(places).astype(np.int64), count - 1)  # above 2^53 a place may be rounded up
    return np.concatenate([below, np.minimum(below + 1, count - 1)])


def interpolated(below: NDArray[Any], above: NDArray[Any], part: NDArray[Any]) -> NDArray[np.float64]:
    """NumPy's linear interpolation, which runs from the nearer end."""
    gap = above - below
    between: NDArray[np.float64] = np.where(part < 0.5, below + gap * part, above - gap * (1 - part))
    return between
