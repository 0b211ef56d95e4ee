"""Blobs of known place in the patient, and how far a step moves them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.ndimage import zoom

from prep_core.line import Line
from prep_core.scan import Scan
from tests.ops.grid.grids import OBLIQUE, affine_of, positions, scan_of
from tests.suited import result_of

THICK_SLICES = affine_of((2.5, 1.0, 1.2))
WIDTH, REACH = 7.5, 4.5
"""Standard deviation of a blob in mm, and after how many of them it is 0."""

SHAPE = (48, 96, 112)
PLACES = ((20.3, 53.1, 47.2), (27.4, 40.8, 60.9))
"""Of two blobs, in voxels (z, y, x): off the centre, and all of them inside."""

SPACINGS = ((1.0, 0.5, 0.6), (3.1, 2.3, 1.9), (1.0, 2.0, 0.5))
"""Up, down, and both."""

RESAMPLED = ((1.7, 0.7, 0.8), (3.1, 2.3, 1.9), (1.7, 2.0, 0.8))
"""The same with a third of the voxels: the largest shift is that of the way down."""

BLOBS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "reorient": tuple({"axes": axes} for axes in ("RAS", "LPS", "SAR", "PIR", "IRA")),
    "resample": tuple({"spacing": s, "interpolation": by} for s in RESAMPLED for by in ("linear", "bspline")),
    "crop_foreground": tuple({"what": what, "margin": 7.0} for what in ("positive", "mask")),
    "crop_or_pad": tuple({"size": size} for size in ((43, 85, 103), (61, 120, 131), (44, 121, 0))),
    "downscale": ({"factor": (1, 2, 2)}, {"factor": (2, 3, 3)}, {"factor": (1, 4, 5)}),
}
"""For each step, the parameters with which it must not move a blob."""


def blob(affine: np.ndarray, place: tuple[float, float, float]) -> tuple[Scan, np.ndarray]:
    """A Gaussian around a place between voxels, 0 beyond its reach, and where its centre is in the patient."""
    blank = scan_of(np.zeros(SHAPE, np.float32), affine)
    centre = (affine @ (*place, 1))[:3]
    distance = np.linalg.norm(positions(blank) - centre.reshape(3, 1, 1, 1), axis=0)
    data = np.exp(-0.5 * (distance / WIDTH) ** 2).astype(np.float32)
    data[distance > REACH * WIDTH] = 0
    return replace(blank, data=data, mask=data > 0), centre


def centroid(scan: Scan) -> np.ndarray:
    """Where the values lie in the patient, in the mean."""
    return (positions(scan) * scan.data).reshape(3, -1).sum(axis=1) / scan.data.sum(dtype=np.float64)


def shift(step: str) -> Callable[[], float]:
    """How far `step` moves a blob at most, in mm."""

    def furthest() -> float:
        return max(
            float(np.linalg.norm(centroid(result_of(Line(step, params), scan)) - centre))
            for affine in (THICK_SLICES, OBLIQUE)
            for scan, centre in (blob(affine, place) for place in PLACES)
            for params in BLOBS[step]
        )

    return furthest


def by_zoom(scan: Scan, spacing: tuple[float, ...], mistake: str) -> Scan:
    """What a common recipe makes of a scan: `zoom` by the ratio of the spacings, and a header put together by hand."""
    factors = [had / asked for had, asked in zip(scan.spacing, spacing, strict=True)]
    affine = scan.affine.copy()
    affine[:3, :3] = scan.direction * (spacing[::-1] if mistake == "spacing in array order" else spacing)
    if mistake == "origin not set":
        affine[:3, 3] = 0
    return Scan(zoom(scan.data, factors, order=1), "ZYX", affine, True)
