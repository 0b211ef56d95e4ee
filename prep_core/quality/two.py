"""Two results against each other: the signed difference, how their values go together, and how far they are apart."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import normalized_mutual_information

from prep_core.inspection import magnitude_of, percentiles, valid_values
from prep_core.quality import figures
from prep_core.scan import Scan

BINS = 128
NMI_BINS = 100

PICTURE = (0.5, 99.5)
"""The percentiles that become 0 and 1 where two results are compared as pictures."""

ENDS = (0.1, 99.9)
"""The percentiles between which the joint histogram is divided into bins."""


@dataclass(frozen=True)
class Agreement:
    """The second result against the first, over the voxels that are valid in both; None where it has no meaning.

    Attributes
    ----------
    mean, rmse, largest : of second minus first; the largest in magnitude, with its sign
    relative : the rmse over the standard deviation of the first
    equal : the share of voxels that are equal to the last bit
    correlation : Pearson's
    nmi : normalised mutual information, from 1 (unrelated) to 2 (each tells the other), in 100 x 100 bins
    psnr, ssim : with the range of the first; padding counts as equal in SSIM
    """

    mean: float
    rmse: float
    largest: float
    relative: float | None
    equal: float
    correlation: float | None
    nmi: float | None
    psnr: float | None
    ssim: float | None


@dataclass(frozen=True, eq=False)
class Joint:
    """How often each pair of values occurs.

    Attributes
    ----------
    first, second : (bins + 1,) edges; values beyond them are counted in the outermost bins
    counts : (bins of the second, bins of the first)
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    counts: NDArray[np.int64]


def on_one_grid(first: Scan, second: Scan) -> str:
    """Why the two have no voxels in common, as a sentence; empty where they have."""
    if (first.axes, first.data.shape) != (second.axes, second.data.shape):
        sizes = (f"{scan.axes} {' x '.join(map(str, scan.data.shape))}" for scan in (first, second))
        return (
            f"The results have other grids ({' and '.join(sizes)}), so no voxel of one belongs to a voxel of the other."
        )
    if not (first.valid & second.valid).any():
        return "No voxel is valid in both results."
    return ""


def as_picture(scan: Scan) -> Scan:
    """`scan` from its 0.5 percentile, as 0, to its 99.5, as 1, and clipped there: values without their unit."""
    real = magnitude_of(scan)
    low, high = percentiles(valid_values(scan), PICTURE)
    span = high - low if high > low else 1.0
    data = np.clip((real.data.astype(np.float64) - low) / span, 0.0, 1.0)
    return replace(real, data=data.astype(np.float32), unit="1")


def difference(first: Scan, second: Scan) -> NDArray[np.float32]:
    """Second minus first, in float64 before it is rounded; NaN where one of them is not valid."""
    # Where both are infinite there is no difference; those voxels are not valid.
    with np.errstate(invalid="ignore"):
        by = _real(second) - _real(first)
    return np.where(first.valid & second.valid, by, np.nan).astype(np.float32)


def agreement(first: Scan, second: Scan) -> Agreement:
    """How far `second` is from `first`.

    Raises
    ------
    ValueError
        For two results that are not on one grid.
    """
    if complaint := on_one_grid(first, second):
        raise ValueError(complaint)
    valid = first.valid & second.valid
    one, other = _real(first), _real(second)
    before, after = one[valid], other[valid]
    by = after - before
    span = float(np.ptp(before))
    varied = span > 0 and float(np.ptp(after)) > 0
    rmse = float(np.sqrt(np.mean(np.square(by))))
    return Agreement(
        float(by.mean()),
        rmse,
        float(by[np.argmax(np.abs(by))]),
        rmse / float(before.std()) if span else None,
        float(np.count_nonzero(before == after)) / by.size,
        float(np.corrcoef(before, after)[0, 1]) if varied else None,
        float(normalized_mutual_information(before, after, bins=NMI_BINS)) if varied else None,
        figures.psnr(after, before, span) if span else None,
        _ssim(one, other, valid, span),
    )


def joint(first: Scan, second: Scan, bins: int = BINS) -> Joint:
    """The joint histogram over the voxels that are valid in both.

    Raises
    ------
    ValueError
        For two results that are not on one grid.
    """
    if complaint := on_one_grid(first, second):
        raise ValueError(complaint)
    valid = first.valid & second.valid
    x, y = (_real(scan)[valid] for scan in (first, second))
    columns, rows = (np.linspace(*_ends(values), bins + 1) for values in (x, y))
    inside = np.clip(x, columns[0], columns[-1]), np.clip(y, rows[0], rows[-1])
    counts = np.histogram2d(inside[1], inside[0], bins=(rows, columns))[0]
    return Joint(columns, rows, counts.astype(np.int64))


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = percentiles(values, ENDS)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _ssim(one: NDArray[Any], other: NDArray[Any], valid: NDArray[np.bool_], span: float) -> float | None:
    if not span or min(one.shape[-2:]) < figures.SSIM_SIDE:
        return None
    ground = float(one[valid].min())
    return figures.ssim(np.where(valid, other, ground), np.where(valid, one, ground), span)


def _real(scan: Scan) -> NDArray[np.float64]:
    real: NDArray[np.float64] = magnitude_of(scan).data.astype(np.float64)
    return real
