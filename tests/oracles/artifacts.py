"""What the steps of the family artifacts are compared with."""

import numpy as np
import SimpleITK

from prep_core.line import Line
from prep_core.ops.artifacts.metal import metal_report
from prep_core.recipe import Recipe
from prep_core.run import trace
from prep_core.scan import Scan
from tests.ops.masks.chests import ct, dice, mask_of
from tests.oracles.oracle import Oracle

SPOTS = np.random.default_rng(4).normal(0, 1000, (12, 40, 50)).astype(np.float32)
"""Noise: of all sizes of regions there are many."""


def itk_regions(values: np.ndarray, threshold: float, min_voxels: int) -> tuple[np.ndarray, int]:
    """The regions above a threshold that SimpleITK finds, and their number."""
    above = SimpleITK.GetImageFromArray((values > threshold).astype(np.uint8))
    found = SimpleITK.RelabelComponent(SimpleITK.ConnectedComponent(above, True), min_voxels)
    labels = SimpleITK.GetArrayFromImage(found)
    return labels > 0, int(labels.max())


def of_regions() -> float:
    """Voxels that differ, and the difference of the counts, over three sizes."""
    differences = []
    for fewest in (1, 5, 20):
        line = Line("metal", {"threshold": 1500.0, "min_voxels": fewest})
        (done,) = trace(Recipe((line,)), Scan(SPOTS, "ZYX"))
        mask, count = itk_regions(SPOTS, 1500.0, fewest)
        differences += [np.count_nonzero(done.scan.mask != mask), abs(done.tally["regions"] - count)]
    return float(max(differences))


def of_severity() -> float:
    """Against the mean of what lies above, over the whole image, relative."""
    rows = metal_report(SPOTS, (1000.0, 2000.0, 3000.0))
    expected = [np.maximum(SPOTS.astype(np.float64) - row.threshold, 0).mean() for row in rows]
    return max(abs(row.severity / mean - 1) for row, mean in zip(rows, expected, strict=True))


def of_clamp() -> float:
    line = Line("metal", {"threshold": 1500.0, "min_voxels": 1, "clamp": True})
    (done,) = trace(Recipe((line,)), Scan(SPOTS, "ZYX"))
    return float(np.abs(done.scan.data - SPOTS.clip(max=1500)).max())


def of_rods() -> float:
    """Rods three voxels across: half of their voxels are at the border."""
    chest = ct(metal=20000.0)
    return 1 - dice(mask_of("metal", chest.scan), chest.truth["metal"])


ORACLES = (
    Oracle("metal", "SimpleITK ConnectedComponent", of_regions, 0.0, "voxels or regions that differ"),
    Oracle(
        "metal", "mean of max(x - threshold, 0) by NumPy", of_severity, 1e-12, "largest relative difference of severity"
    ),
    Oracle("metal", "NumPy clip", of_clamp, 0.0),
    Oracle("metal", "two rods in a simulated chest CT", of_rods, 0.15, "1 - Dice"),
)
