"""Ranges of Hounsfield units compared: what each takes away, and what it keeps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import valid_values
from prep_core.presets import PRESETS
from prep_core.quality import figures
from prep_core.scan import Scan

BIN = 10.0
"""Width of the bins of the entropies, in HU: below it lies the noise of most scans."""

SOURCE = "HU range"
"""Of the presets that are compared."""


@dataclass(frozen=True)
class RangeRow:
    """One range, clipped to.

    Attributes
    ----------
    below, above : shares of the valid voxels that are clipped
    inside_mask : the same two shares of the voxels inside the mask; None without a mask
    entropy : in bits, after the clip, in bins of 10 HU
    kept : that entropy over the one before the clip, in the same bins
    """

    name: str
    low: float
    high: float
    below: float
    above: float
    inside_mask: figures.Clipped | None
    entropy: float
    kept: float


def hu_ranges(scan: Scan) -> tuple[RangeRow, ...]:
    """What each of the usual ranges (the presets of `clip`) takes of `scan`, and the entropy it keeps.

    Raises
    ------
    ValueError
        For a scan that is not in HU, or has no valid voxel.
    """
    if scan.unit != "HU":
        raise ValueError(f"HU ranges need a scan in HU, and {scan.name} is in {scan.unit}")
    values = valid_values(scan)
    masked = None if scan.mask is None else values[scan.mask[scan.valid]]
    whole = _entropy(values)
    return tuple(
        _row(p.name, p.params["low"], p.params["high"], values, masked, whole)
        for p in PRESETS
        if (p.step, p.source) == ("clip", SOURCE)
    )


def _row(
    name: str, low: float, high: float, values: NDArray[Any], masked: NDArray[Any] | None, whole: float
) -> RangeRow:
    outside = figures.share_outside(values, low, high)
    within = None if masked is None or not masked.size else figures.share_outside(masked, low, high)
    left = _entropy(np.clip(values, low, high))
    return RangeRow(name, low, high, outside.low, outside.high, within, left, left / whole if whole else 1.0)


def _entropy(values: NDArray[Any]) -> float:
    return figures.entropy_of(np.unique(np.floor(values / BIN), return_counts=True)[1])
