"""Scans whose intensity falls off with depth, for lessons."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.thinned_plane import thinned_plane
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.oct import RETINA, simulate_oct
from prep_core.scan import Scan

DEPTH, STEP_MM = 192, 0.006
DB_PER_ATTENUATION = 20 / math.log(10)
"""Light goes there and back: exp(-2 mu z) is a loss of 8.69 dB for mu z = 1."""


def retina(decay: float, seed: int = 0, width: int = 160) -> Scan:
    """A simulated B-scan, raw and complex, whose tissue takes a further `decay` dB over the depth of the picture."""
    further = decay / (DB_PER_ATTENUATION * DEPTH * STEP_MM)
    return simulate_oct(
        depth=DEPTH,
        width=width,
        seed=seed,
        layers=[replace(layer, attenuation=layer.attenuation + further) for layer in RETINA],
        spacing=(STEP_MM, 0.009),
        resolution=(0.010, 0.018),
        surface=0.1,
        curvature=0.01,
    )


def with_decay(scan: Scan, decay: float) -> Scan:
    """The middle plane of a scan that fades by a further `decay` dB from its first row to its last.

    Raises
    ------
    ValueError
        As `thinned_plane`; for values in dB or HU, and for values below 0: they are no intensities.
    """
    plane = thinned_plane(scan)
    if scan.unit in ("dB", "HU"):
        raise ValueError(
            f"scan {scan.name}: its values are in {scan.unit}, and this lesson needs intensities on a linear scale; "
            "open a raw scan (OCT, ultrasound, counts)"
        )
    values = plane.data
    below = 0.0 if np.iscomplexobj(values) else float(np.mean(values[plane.valid] < 0))
    if below:
        raise ValueError(
            f"scan {scan.name}: {below:.1%} of its pixels are below 0, and an intensity is not; "
            "open a raw scan on a linear scale (OCT, ultrasound, counts)"
        )
    per_decade = 20.0 if np.iscomplexobj(values) else 10.0
    rows = np.linspace(0, 1, values.shape[0])[:, None]
    wide = values.astype(np.complex64 if np.iscomplexobj(values) else np.float32)
    faded = np.where(plane.valid, wide, 0) * (10 ** (-decay * rows / per_decade)).astype(np.float32)
    return replace(plane, data=faded)


def intensity(scan: Scan) -> Scan:
    """|A|^2 where the scan holds complex amplitudes A, else the scan."""
    if not np.iscomplexobj(scan.data):
        return scan
    return apply(Recipe((Line("magnitude", {"power": 2.0}),)), scan)


def depth_edges(scan: Scan, bands: int) -> tuple[tuple[float, ...], str]:
    """Where one of `bands` equally thick depth bands ends and the next begins, and the unit: mm, or px without mm."""
    step, unit = (scan.spacing[0], "mm") if scan.spacing_known else (1.0, "px")
    return tuple((np.linspace(0, scan.data.shape[0], bands + 1) * step).tolist()), unit


def depths(scan: Scan, edges: Sequence[float]) -> NDArray[np.float64]:
    """(y, x) depth of the middle of each pixel, in the unit of `edges`."""
    rows = scan.data.shape[0]
    column = (np.arange(rows) + 0.5) * (edges[-1] / rows)
    return np.broadcast_to(column[:, None], scan.data.shape)
