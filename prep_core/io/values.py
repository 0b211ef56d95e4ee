"""Stored numbers to values: exact where integers allow it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scaled = tuple[int | float, int | float, float, float]
"""Smallest and largest stored number, slope, intercept."""


def value_type(stored: np.dtype[Any], parts: Iterable[Scaled]) -> np.dtype[Any]:
    """The type that holds value = slope * stored + intercept for every part.

    Integers with whole slopes and intercepts stay whole, in the smallest of (stored, int16, int32, int64) that
    holds them; anything else is float32, or float64 where it is stored so.
    """
    known = list(parts)
    if all(slope == 1 and intercept == 0 for _, _, slope, intercept in known):
        return stored
    whole = all(float(s).is_integer() and float(i).is_integer() for _, _, s, i in known)
    if stored.kind not in "iu" or not whole:
        return np.dtype(np.float64 if stored == np.float64 else np.float32)
    ends = [int(end) * int(s) + int(i) for low, high, s, i in known for end in (low, high)]
    return fitting(stored, min(ends), max(ends))


def fitting(stored: np.dtype[Any], low: int, high: int) -> np.dtype[Any]:
    """The smallest of (stored, int16, int32, int64) that holds `low` to `high`, else float64."""
    for kind in (stored, np.dtype(np.int16), np.dtype(np.int32), np.dtype(np.int64)):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return kind
    return np.dtype(np.float64)


def scale(stored: NDArray[Any], slope: float, intercept: float, kind: np.dtype[Any]) -> NDArray[Any]:
    """slope * stored + intercept as `kind`, computed wide enough not to wrap or round on the way."""
    if slope == 1 and intercept == 0:
        return stored.astype(kind, copy=False)
    if kind.kind in "iu":
        wide: NDArray[Any] = stored.astype(np.int64) * int(slope) + int(intercept)
    else:
        wide = stored.astype(np.float64) * slope + intercept
    return wide.astype(kind)


def rescaled(stored: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    """An array with one slope and one intercept, as values."""
    if slope == 1 and intercept == 0:
        return stored
    ends = (stored.min(), stored.max()) if stored.dtype.kind in "iu" else (0, 0)
    return scale(stored, slope, intercept, value_type(stored.dtype, [(*ends, slope, intercept)]))
