"""Made-up arrays of any size with the values of a modality, the same on every machine."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core import Scan
from prep_core.samples.brain import BrainPhantom, brain_phantom
from prep_core.scan import voxel_affine

SIDES = (128, 256, 512)
HEAD = (192, 240, 192)
"""Voxels of 1 mm around the simulated head."""


def cube(side: int) -> str:
    """The size of a cube in words."""
    return f"{side}^3"


def ct(side: int) -> NDArray[np.int16]:
    """Hounsfield units from air to bone, with noise: (side, side, side)."""

    def plane(z: int, rng: np.random.Generator) -> NDArray[np.float32]:
        depth = _distance(side) + abs(2 * z / side - 1) / 2
        tissue = np.select([depth < 0.15, depth < 0.8, depth < 0.9], [900, 40, -100], -1000)
        return np.float32(tissue) + 25 * rng.standard_normal((side, side), np.float32)

    return _planes(side, np.int16, plane)


def mr(side: int) -> NDArray[np.float32]:
    """A head of several greys before a dark background of noise: (side, side, side)."""

    def plane(z: int, rng: np.random.Generator) -> NDArray[np.float32]:
        depth = _distance(side) + abs(2 * z / side - 1) / 2
        tissue = np.select([depth < 0.4, depth < 0.7, depth < 0.8], [500, 280, 380], 0)
        real, imaginary = rng.standard_normal((2, side, side), np.float32)
        return np.hypot(np.float32(tissue) + 15 * real, 15 * imaginary)

    return _planes(side, np.float32, plane)


def oct_intensity(side: int) -> NDArray[np.float32]:
    """Linear reflectivity with speckle that decays over five powers of ten along y: (side, side, side)."""
    decay = np.float32(10) ** np.linspace(0, -5, side, dtype=np.float32)[:, np.newaxis]
    return _planes(side, np.float32, lambda z, rng: decay * rng.standard_exponential((side, side), np.float32))


def radiograph(side: int) -> NDArray[np.float32]:
    """A plane from 0 to 1 with broad shading, edges and noise: (side, side)."""
    rng = np.random.default_rng(side)
    shading = 1 - _distance(side) / 2
    bars = 0.15 * (np.sin(np.arange(side) * 40 / side) > 0.3)
    return np.clip(shading * 0.6 + bars + 0.03 * rng.standard_normal((side, side)), 0, 1).astype(np.float32)


def head(mm: float) -> BrainPhantom:
    """The simulated head in voxels of `mm`: all sizes show the same field of view."""
    depth, height, width = (round(n / mm) for n in HEAD)
    return brain_phantom(shape=(depth, height, width), spacing=mm)


def scan_of(array: NDArray[Any], mm: float = 1.0) -> Scan:
    """A scan of two or three axes, with a known voxel size."""
    axes = "ZYX"[-array.ndim :]
    return Scan(array, axes, affine=voxel_affine((mm,) * array.ndim), spacing_known=True)


def _distance(side: int) -> NDArray[np.float32]:
    """From the middle of a plane: 1 at the middle of an edge."""
    line = np.linspace(-1, 1, side, dtype=np.float32)
    return np.hypot(line[:, np.newaxis], line)


def _planes(side: int, dtype: Any, plane: Callable[[int, np.random.Generator], NDArray[Any]]) -> NDArray[Any]:
    """Plane by plane, each with a generator of its own: no temporary is as large as the volume."""
    volume = np.empty((side, side, side), dtype)
    for z in range(side):
        volume[z] = plane(z, np.random.default_rng((side, z)))
    return volume
