"""Whether two results are the same thing: a fast answer to another question is not faster."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Agreement:
    """How far two results lie apart, in words, and whether that is near enough."""

    words: str
    near: bool


def within(most: float) -> Callable[[ArrayLike, ArrayLike], Agreement]:
    """The largest difference of two arrays may be `most`."""

    def compared(ours: ArrayLike, theirs: ArrayLike) -> Agreement:
        off = largest_difference(_array(ours), _array(theirs))
        return Agreement(f"differ by at most {off:.1e}", off <= most)

    return compared


def alike(least: float) -> Callable[[ArrayLike, ArrayLike], Agreement]:
    """The correlation of two arrays must be `least`."""

    def compared(ours: ArrayLike, theirs: ArrayLike) -> Agreement:
        r = correlation(_array(ours), _array(theirs))
        return Agreement(f"r = {r:.6f}", r >= least)

    return compared


def largest_difference(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Of two arrays of one shape, plane by plane: a volume of float64 differences takes gigabytes."""
    if a.shape != b.shape:
        raise ValueError(f"results have the shapes {a.shape} and {b.shape}")
    lead = a.shape[:-2]
    pairs = ((a[at], b[at]) for at in np.ndindex(lead))
    return max(float(np.abs(np.asarray(x, np.float64) - np.asarray(y, np.float64)).max()) for x, y in pairs)


def correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Pearson's, of two arrays of one shape."""
    if a.shape != b.shape:
        raise ValueError(f"results have the shapes {a.shape} and {b.shape}")
    x, y = (np.asarray(each, np.float64).ravel() - np.mean(each, dtype=np.float64) for each in (a, b))
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def _array(result: ArrayLike) -> NDArray[Any]:
    """Without axes of one channel, which some peers put first."""
    return np.squeeze(np.asarray(result))
