"""CLAHE compared: from weak to strong clip limits, and one engine against the other."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import magnitude_of, valid_values
from prep_core.ops.contrast.clahe import clahe
from prep_core.quality import figures
from prep_core.scan import Scan

CLIP_LIMITS = (0.005, 0.01, 0.02, 0.05, 0.1)
PERCENTS = (0.1, 99.9)
GREYS = np.linspace(0, 1, 257)
"""The edges of the bins of every entropy here, so that they compare."""

Picture = NDArray[np.float32]


@dataclass(frozen=True)
class ClaheRow:
    """One clip limit; None is the rescaled plane itself, the truth of all others.

    Attributes
    ----------
    picture : (y, x) float32 ndarray, 0 to 1
    contrast, edges : ratios to the rescaled plane
    dynamic_range : from the 1 to the 99 percentile
    entropy : in bits, of 256 bins from 0 to 1
    psnr, ssim : against the rescaled plane, data range 1; no SSIM for planes below 11 x 11 pixels
    """

    clip_limit: float | None
    contrast: float
    dynamic_range: float
    entropy: float
    edges: float
    psnr: float
    ssim: float | None
    picture: Picture = field(repr=False, compare=False)


@dataclass(frozen=True)
class EngineRow:
    """How far the two engines of CLAHE are apart with one clip limit: absolute differences, the range being 1."""

    clip_limit: float
    correlation: float
    mean_difference: float
    largest_difference: float


def rescaled(plane: Scan) -> Picture:
    """The only plane of `plane` from 0 to 1: its 0.1 and 99.9 percentile, clipped; padding is 0.

    Raises
    ------
    ValueError
        For a plane without spread, or of several planes.
    """
    if any(plane.size(axis) > 1 for axis in "TCZ"):
        raise ValueError(f"CLAHE is compared on one plane, got {plane.axes} {plane.data.shape}")
    low, high = np.percentile(valid_values(plane), PERCENTS)
    if not low < high:
        raise ValueError(f"the plane has no contrast to raise: both its percentiles, 0.1 and 99.9 %, are {low:g}")
    data = magnitude_of(plane).data.astype(np.float64)
    scaled = np.clip((np.where(plane.valid, data, low) - low) / (high - low), 0, 1)
    picture: Picture = scaled.reshape(scaled.shape[-2:]).astype(np.float32)
    return picture


def clahe_strip(plane: Scan, clip_limits: tuple[float, ...] = CLIP_LIMITS, *, tile: int = 64) -> tuple[ClaheRow, ...]:
    """The rescaled plane, then CLAHE of it with each clip limit, with the figures of each.

    Parameters
    ----------
    plane : Scan
        With one plane.
    tile : int
        Side of a tile in pixels, as in the step `clahe`; its engine is skimage.

    Raises
    ------
    ValueError
        As `rescaled`.
    """
    truth = rescaled(plane)
    valid = plane.valid.reshape(truth.shape)
    strip = ((limit, _equalised(truth, limit, tile, "skimage")) for limit in clip_limits)
    return tuple(_row(limit, picture, truth, valid) for limit, picture in ((None, truth), *strip))


def clahe_engines(
    plane: Scan, clip_limits: tuple[float, ...] = CLIP_LIMITS, *, tile: int = 64
) -> tuple[EngineRow, ...]:
    """The engine fast against the engine skimage, on the rescaled plane.

    Raises
    ------
    ValueError
        As `rescaled`.
    """
    truth = rescaled(plane)
    return tuple(
        _apart(limit, _equalised(truth, limit, tile, "skimage"), _equalised(truth, limit, tile, "fast"))
        for limit in clip_limits
    )


def _equalised(truth: Picture, clip_limit: float, tile: int, engine: str) -> Picture:
    numbers = {"low": 0.0, "high": 1.0}
    return clahe(truth, numbers, clip_limit=clip_limit, tile=tile, engine="fast" if engine == "fast" else "skimage")


def _row(limit: float | None, picture: Picture, truth: Picture, valid: NDArray[np.bool_]) -> ClaheRow:
    values, wanted = picture[valid], truth[valid]
    edges = figures.mean_edge(truth, valid)
    return ClaheRow(
        limit,
        figures.contrast_improvement(wanted, values),
        figures.dynamic_range(values),
        figures.entropy(values, GREYS),
        figures.mean_edge(picture, valid) / edges if edges else 1.0,
        figures.psnr(values, wanted, 1.0),
        figures.ssim(picture, truth, 1.0) if min(truth.shape) >= figures.SSIM_SIDE else None,
        picture,
    )


def _apart(limit: float, one: Picture, other: Picture) -> EngineRow:
    difference = np.abs(one.astype(np.float64) - other)
    together = np.corrcoef(one.ravel(), other.ravel())[0, 1]
    return EngineRow(limit, float(together), float(difference.mean()), float(difference.max()))
