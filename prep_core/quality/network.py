"""What a network sees: how much of the result each band of raw intensity holds."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HU_EDGES = (-950.0, -500.0, -150.0, -20.0, 100.0, 300.0, 2000.0)
"""Between air, lung, what lies between lung and fat, fat, soft tissue, contrast medium and spongy bone, bone, metal."""

LEVELS = 1024
"""Levels into which the range of the result is divided, to see which band holds each."""

EVEN_BANDS = 8


@dataclass(frozen=True)
class Band:
    """One band of raw values, and its share (0 to 1) of everything.

    Attributes
    ----------
    low, high : from `low` on, below `high`, in the unit of the raw values
    voxels : share of the voxels
    range : share of the range of the result
    variance : share of the variance of the result
    loss, gradient : shares of the squared error of a network that answers 0, and of its gradient
    """

    low: float
    high: float
    voxels: float
    range: float
    variance: float
    loss: float
    gradient: float


@dataclass(frozen=True)
class Seen:
    """The bands of the values as stored, of these from 0 at the least to 1 at the largest, and of the result."""

    raw: tuple[Band, ...]
    linear: tuple[Band, ...]
    recipe: tuple[Band, ...]


def seen(raw: NDArray[Any], result: NDArray[Any], edges: tuple[float, ...]) -> Seen:
    """What a network sees of each band of `raw` without any recipe, and with the one that gave `result`.

    Raises
    ------
    ValueError
        As `bands`, also where `raw` has no spread.
    """
    stored = bands(raw, raw, edges)
    values = raw.astype(np.float64)
    linear = (values - values.min()) / np.ptp(values)
    return Seen(stored, bands(raw, linear, edges), bands(raw, result, edges))


def band_edges(raw: NDArray[Any], unit: str) -> tuple[float, ...]:
    """Where one band of raw intensity ends and the next begins, outermost edges included.

    Hounsfield units are cut between tissues.  Other values are cut at the powers of ten between the 1 and the 99.9
    percentile of the positive ones, where there are two such powers or more and no value is negative; zeros are a
    band of their own then.  All else has eight bands of equal width.
    """
    least, largest = float(raw.min()), float(raw.max())
    if unit == "HU":
        return (least, *(e for e in HU_EDGES if least < e < largest), largest)
    powers = _powers_of_ten(raw) if least >= 0 and largest > 0 else ()
    if len(powers) >= 2:
        zeros = (0.0, float(raw[raw > 0].min())) if least == 0 else (least,)
        return tuple(sorted({*zeros, *powers, largest}))
    return tuple(np.linspace(least, largest, EVEN_BANDS + 1).tolist()) if largest > least else (least, largest)


def _powers_of_ten(raw: NDArray[Any]) -> tuple[float, ...]:
    low, high = np.log10(np.percentile(raw[raw > 0].astype(np.float64), (1, 99.9)))
    return tuple(10.0**k for k in range(math.floor(low) + 1, math.ceil(high)))


def bands(raw: NDArray[Any], result: NDArray[Any], edges: tuple[float, ...]) -> tuple[Band, ...]:
    """The shares that each band of `raw` has of `result`; each kind of share adds to 1.

    Parameters
    ----------
    raw, result : (n,) ndarray
        The valid voxels, before and after.
    edges : tuple of float
        As `band_edges` gives them.

    Raises
    ------
    ValueError
        Where the result has no spread: there is nothing to share.

    Notes
    -----
    Variance: sum over the band of (y - mean)^2, over the same sum of all.  Loss: of y^2, which is the squared error
    of a network that answers 0, as one before training about does; gradient: of |y|, for d(a - y)^2/da = -2 y at a = 0.

    Range: the range of the result is cut into 1024 levels.  A level belongs to the bands as its voxels do; a level
    without voxels to the nearest one that has some, the lower of two.
    """
    if raw.shape != result.shape or not raw.size:
        raise ValueError(f"bands need as many voxels before as after, and some; got {raw.size} and {result.size}")
    values = result.astype(np.float64)
    if values.min() == values.max():
        raise ValueError(f"the result is {values.min():g} everywhere: there is no spread to share")
    band = np.searchsorted(np.asarray(edges[1:-1]), raw, side="right")
    count = len(edges) - 1

    def shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.bincount(band, weights, count)
        share: NDArray[np.float64] = sums / sums.sum()
        return share

    columns = (
        np.bincount(band, minlength=count) / band.size,
        _range_shares(values, band, count),
        shares(np.square(values - values.mean())),
        shares(np.square(values)),
        shares(np.abs(values)),
    )
    return tuple(
        Band(low, high, *map(float, row))
        for low, high, row in zip(edges[:-1], edges[1:], np.transpose(columns), strict=True)
    )


def _range_shares(values: NDArray[np.float64], band: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    low, high = values.min(), values.max()
    level = np.minimum((values - low) * (LEVELS / (high - low)), LEVELS - 1).astype(np.intp)
    held = np.bincount(level * count + band, minlength=LEVELS * count).reshape(LEVELS, count)
    occupied = np.flatnonzero(held.any(axis=1))
    middles = (occupied[:-1] + occupied[1:]) / 2
    nearest = occupied[np.searchsorted(middles, np.arange(LEVELS), side="left")]
    voters = held[nearest]
    shares: NDArray[np.float64] = (voters / voters.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares
