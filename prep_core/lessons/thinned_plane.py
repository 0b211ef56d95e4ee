"""One plane of a scan, complex or not, with every k-th pixel: what its pixels are like is not changed."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.own_scan import middle_of
from prep_core.scan import Scan

LONGEST, SHORTEST = 256, 16
"""Pixels along a side: of a longer one every k-th is taken, with a shorter one there is little to see."""


def thinned_plane(scan: Scan) -> Scan:
    """The middle plane of T and Z, its first channel, on axes "YX", thinned to sides of at most 256 pixels.

    Raises
    ------
    ValueError
        For a plane with a side below 16 pixels, or without a valid pixel.
    """
    taken = middle_of(scan)
    every = [-(-size // LONGEST) for size in scan.data.shape[-2:]]
    # T, C and Z have length 1 by now.
    flat = (0,) * (taken.data.ndim - 2)
    affine = taken.affine.copy()
    affine[:, 1:3] *= every
    plane = replace(
        taken,
        data=taken.data[flat][:: every[0], :: every[1]],
        valid=taken.valid[flat][:: every[0], :: every[1]],
        axes="YX",
        affine=affine,
        mask=None,
        channels=(),
    )
    if min(plane.data.shape) < SHORTEST:
        rows, columns = plane.data.shape
        raise ValueError(
            f"scan {scan.name}: a lesson needs a plane of at least {SHORTEST} x {SHORTEST} pixels, this has "
            f"{rows} x {columns}; open a larger one"
        )
    if not plane.valid.any():
        raise ValueError(f"scan {scan.name}: its middle plane is all padding; crop the scan to what was measured")
    return plane


def shown_pixels(scan: Scan) -> NDArray[np.float32]:
    """(y, x) values of a plane, NaN for padding, to be drawn."""
    pixels: NDArray[np.float32] = np.where(scan.valid, scan.data, np.float32(np.nan)).reshape(scan.data.shape[-2:])
    return pixels


def pixel_aspect(scan: Scan) -> float:
    """Height of a pixel over its width; 1 where the file did not say."""
    height, width = scan.spacing[-2:]
    return height / width if scan.spacing_known else 1.0
