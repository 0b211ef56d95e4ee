"""What an augmentation left of a picture: the anatomy, the signal, and the range of the recipe."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.recipe import Recipe
from prep_core.run import StepError, apply
from prep_core.scan import Scan

TIE = 0.05
"""Standard deviations: halves that differ by less are taken for equally bright."""

LEAST_R = 0.8
"""Below this correlation the signal counts as lost."""

FEW = 0.01
"""A share of pixels above this, out of range or NaN, fails."""

MOST_ALIKE = 0.9
"""A share of pixels above this, all of one value, is a collapse to a constant."""

Plane = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Checked:
    """A plane as the network gets it, and what three checks find.

    Attributes
    ----------
    image : (y, x) ndarray
        NaN where it is padding.
    lean : right half minus left half, in standard deviations
    r : Pearson's correlation with the plane that was not augmented; 0 where one of them is constant
    outside, missing, alike : shares of the pixels out of range, NaN, and of the most frequent value
    stopped : why the recipe has no answer, or ""
    """

    image: Plane
    lean: float
    r: float
    outside: float
    missing: float
    alike: float
    stopped: str = ""


def carried(recipe: Recipe, scan: Scan) -> tuple[Scan, str]:
    """`scan` after `recipe`; where it stops, NaN everywhere, and why it stopped."""
    try:
        return apply(recipe, scan), ""
    except StepError as fault:
        nothing = np.full(scan.data.shape, np.nan, np.float32)
        return Scan(nothing, scan.axes, scan.affine, valid=scan.valid), str(fault)


def checked(result: Scan, original: Scan, stopped: str = "") -> Checked:
    """Compare `result`, an augmented plane after the recipe, with the `original` after the recipe."""
    flat = original.data.shape[-2:]
    values, was = result.data.reshape(flat).astype(np.float64), original.data.reshape(flat).astype(np.float64)
    counted, valid = result.valid.reshape(flat), original.valid.reshape(flat)
    low, high = extremes(original)
    known = counted & np.isfinite(values)
    margin = 1e-4 * (high - low)
    return Checked(
        np.where(known, values, np.nan),
        lean_of(values, known),
        correlation(values[known & valid], was[known & valid]),
        float(np.mean((values[known] < low - margin) | (values[known] > high + margin))) if known.any() else 0.0,
        float(np.mean(~np.isfinite(values[counted]))),
        _alike(values[known]),
        stopped,
    )


def extremes(scan: Scan) -> tuple[float, float]:
    """The least and the largest valid value."""
    values = scan.data[scan.valid]
    return float(values.min()), float(values.max())


def lean_of(image: Plane, known: NDArray[np.bool_]) -> float:
    """By how much the right half is brighter than the left, in standard deviations.

    Notes
    -----
    Within a disc in the middle, half as wide as the shorter side: a rotation brings nothing in from beyond.
    """
    height, width = image.shape
    y, x = np.ogrid[:height, :width]
    x = np.broadcast_to(x - (width - 1) / 2, image.shape)
    inside = known & (np.hypot(y - (height - 1) / 2, x) <= min(height, width) / 4)
    left, right = image[inside & (x < 0)], image[inside & (x > 0)]
    spread = float(image[inside].std()) if inside.any() else 0.0
    if not (left.size and right.size and spread > 0):
        return 0.0
    return float((right.mean() - left.mean()) / spread)


def correlation(one: Plane, other: Plane) -> float:
    """Pearson's r; 0 where one of the two is constant."""
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def faults(found: Checked, lean: float, alike: float) -> tuple[str, ...]:
    """Which checks fail: words for the halves, the signal, and the range; `lean` and `alike` are the original's."""
    swapped = abs(lean) >= TIE and found.lean * lean < 0
    return (
        *(("halves",) if swapped else ()),
        *(("signal",) if found.r < LEAST_R else ()),
        *(("range",) if found.outside > FEW else ()),
        *(("NaN",) if found.missing > FEW else ()),
        *(("constant",) if found.alike > max(MOST_ALIKE, alike + FEW) else ()),
    )


def _alike(values: Plane) -> float:
    if not values.size:
        return 0.0
    return float(np.unique(values, return_counts=True)[1].max() / values.size)
