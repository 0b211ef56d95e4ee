"""The figures of a scan before and after: of each by itself, and of one against the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import magnitude_of, valid_values
from prep_core.quality import figures
from prep_core.quality.otsu_classes import otsu_classes
from prep_core.scan import Scan

Classes = NDArray[np.int8]


@dataclass(frozen=True)
class Figure:
    """One figure, before and after; None where it has no meaning there."""

    name: str
    before: float | None
    after: float | None
    unit_before: str = ""
    unit_after: str = ""


@dataclass(frozen=True)
class Compared:
    """The result against the scan, voxel by voxel; None where a figure has no meaning.

    Attributes
    ----------
    clipped, clipped_inside : shares (low, high) of all valid voxels, and of those inside the mask
    contrast, edges, noise, psnr, ssim : with both scaled to 0..1 by their own least and largest values, as a picture of
        each would be; the noise is that of the darkest of the three classes
    """

    clipped: figures.Clipped
    clipped_inside: figures.Clipped | None
    contrast: float | None
    edges: float | None
    noise: float | None
    psnr: float | None
    ssim: float | None


def classes(scan: Scan) -> Classes | None:
    """0, 1 and 2 for the dark, middle and bright voxels by Otsu's method with two thresholds, -1 for padding.

    None for a scan whose values do not make three classes: fewer than three different ones, or all but a few in one
    256th of the range, as beside a bright outlier.
    """
    found = otsu_classes(valid_values(scan), 3)
    if found is None:
        return None
    labels = np.full(scan.data.shape, -1, np.int8)
    labels[scan.valid] = found
    return labels


def classes_of_both(one: Scan, other: Scan) -> Classes | None:
    """The classes of two scans on one grid where both have the same, -1 elsewhere; None where one of them has none."""
    first, second = classes(one), classes(other)
    return None if first is None or second is None else np.where(first == second, first, -1).astype(np.int8)


def own_rows(scan: Scan, result: Scan) -> tuple[Figure, ...]:
    """What each is by itself, over its valid voxels."""
    before, after = valid_values(scan), valid_values(result)
    units = scan.unit, result.unit

    def row(name: str, figure: Callable[[NDArray[Any]], float | None], *shown: str) -> Figure:
        return Figure(name, figure(before), figure(after), *shown)

    return (
        row("least", lambda v: float(v.min()), *units),
        row("largest", lambda v: float(v.max()), *units),
        row("mean", lambda v: float(v.mean(dtype=np.float64)), *units),
        row("std", lambda v: float(v.std(dtype=np.float64)), *units),
        row("dynamic range", figures.dynamic_range, *units),
        row("decades", figures.decades),
        row("entropy", figures.entropy, "bit", "bit"),
        row("distinct levels", figures.distinct_levels),
        row("EFC", lambda v: figures.efc(v) if v.size > 1 and v.min() >= 0 and v.any() else None),
    )


def tissue_rows(start: Scan, result: Scan, labels: Classes) -> tuple[Figure, ...]:
    """SNR (of values without negatives only), CNR and CJV of the same three classes of voxels, before and after."""
    found = tuple(_of_tissues(scan, labels) for scan in (start, result))
    return tuple(Figure(name, found[0][name], found[1][name]) for name in ("SNR", "CNR", "CJV"))


def _of_tissues(scan: Scan, labels: Classes) -> dict[str, float | None]:
    data = magnitude_of(scan).data
    dark, middle, bright = (scan.valid & (labels == i) for i in range(3))
    none: dict[str, float | None] = dict.fromkeys(("SNR", "CNR", "CJV"))
    if not (dark.any() and middle.any() and bright.any()):
        return none
    noisy = float(np.ptp(data[dark])) > 0
    from_zero = float(data[scan.valid].min()) >= 0
    apart = data[middle].mean(dtype=np.float64) != data[bright].mean(dtype=np.float64)
    return none | {
        "SNR": figures.snr(data, bright, dark) if noisy and from_zero else None,
        "CNR": figures.cnr(data, middle, bright, dark) if noisy else None,
        "CJV": figures.cjv(data, middle, bright) if apart else None,
    }


def compared(start: Scan, result: Scan, labels: Classes | None) -> Compared:
    """`result` against `start`, which has the same grid."""
    valid = start.valid & result.valid
    before, after = magnitude_of(start).data, magnitude_of(result).data
    inside = None if result.mask is None or not (result.mask & valid).any() else result.mask[valid]
    one, other = _to_one(before, valid), _to_one(after, valid)
    spread = one[valid].std() > 0
    edges = figures.mean_edge(one, valid)
    big = min(one.shape[-2:]) >= figures.SSIM_SIDE
    dark = None if labels is None else valid & (labels == 0)
    noisy = dark is not None and dark.any() and np.ptp(one[dark]) > 0
    return Compared(
        figures.share_clipped(before[valid], after[valid]),
        None if inside is None else figures.share_clipped(before[valid], after[valid], inside),
        figures.contrast_improvement(one[valid], other[valid]) if spread else None,
        figures.mean_edge(other, valid) / edges if edges else None,
        figures.noise_gain(one, other, dark) if noisy and dark is not None else None,
        figures.psnr(other[valid], one[valid], 1.0) if spread else None,
        figures.ssim(other, one, 1.0) if spread and big else None,
    )


def _to_one(data: NDArray[Any], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """0 at the least, 1 at the largest valid voxel; 0 where padding is, and everywhere if all are the same."""
    values = data[valid].astype(np.float64)
    low, span = values.min(), float(np.ptp(values))
    scaled = np.zeros(data.shape)
    scaled[valid] = (values - low) / span if span else 0.0
    return scaled
