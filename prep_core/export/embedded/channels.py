"""Channels chosen and combined."""

from collections.abc import Mapping, Sequence

import numpy as np


def channel_numbers(wanted: Sequence[str], channels: Sequence[str], count: int) -> list[int]:
    """The numbers of channels that are given by name, in any case, or by number."""
    folded = [name.casefold() for name in channels]
    found = []
    for name in wanted:
        names = channels if name in channels else folded
        same = [i for i, own in enumerate(names) if own == (name if name in channels else name.casefold())]
        if not same and name.isdigit() and int(name) < count:
            same = [int(name)]
        if len(same) != 1:
            raise ValueError(f"no one channel is {name}: the channels are {list(channels) or count}")
        found += same
    return found


def weighted(
    image: np.ndarray, valid: np.ndarray, axes: str, weights: Mapping[int, float]
) -> tuple[np.ndarray, np.ndarray, str]:
    """The sum of channels, in float64, without the axis C; valid where all of them are."""
    at = axes.index("C")
    grey = sum(weight * image.take(i, at).astype(np.float64) for i, weight in weights.items())
    whole = np.logical_and.reduce([valid.take(i, at) for i in weights])
    return np.asarray(grey).astype(np.float32), whole, axes.replace("C", "")


def normalised_difference(
    image: np.ndarray, valid: np.ndarray, axes: str, a: int, b: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """(a - b) / (a + b), in float64, without the axis C; NaN and not valid where a + b is 0."""
    at = axes.index("C")
    first, second = (image.take(i, at).astype(np.float64) for i in (a, b))
    total = first + second
    ratio = (first - second) / np.where(total == 0, np.nan, total)
    return ratio.astype(np.float32), valid.take(a, at) & valid.take(b, at) & np.isfinite(ratio), axes.replace("C", "")
