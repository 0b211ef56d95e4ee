"""A volume with thick, tilted slices, and a ball in it whose place in the patient is known."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.own_scan import middle_of, refuse_complex
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

EXTENT, PIXEL, SIGMA = 64.0, 1.0, 4.0
"""Of the simulated volume along each axis, of its pixels, and of its ball, in mm."""

OFF_AXIS = 0.65
"""Where the ball lies along y and x, as a share of the way from the first voxel to the last."""

FEWEST, MOST = 6, (24, 48, 48)
"""Slices that a volume must have, and voxels that are taken from the middle of an own one."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Volume:
    """A volume and a ball on the same grid.

    Attributes
    ----------
    scan : Scan
        With the axes ZYX and the ball in it.
    ball : Scan
        The ball alone: a Gaussian of standard deviation `sigma` mm, with the value 1 in its middle.
    centre : (x, y, z) of the ball's centroid, LPS mm
    at : its index along z, y and x
    labels : Scan
        0, and three labels that are not neighbours in number: 1, 2 and 5.
    """

    scan: Scan
    ball: Scan
    centre: Floats
    at: Floats
    labels: Scan
    sigma: float


def simulated(thickness: float, tilt: float, place: float) -> Volume:
    """A head of 64 mm with slices `thickness` mm apart, tilted by `tilt` degrees about the patient's x axis."""
    shape = (max(FEWEST, round(EXTENT / thickness)), *(2 * (round(EXTENT / PIXEL),)))
    affine = _tilted(shape, (thickness, PIXEL, PIXEL), tilt)
    empty = Scan(np.zeros(shape, np.float32), "ZYX", affine, spacing_known=True, name="a simulated volume")
    place_mm = positions(empty)
    radius = np.linalg.norm(place_mm, axis=0) / (EXTENT / 2)
    head = np.where(radius <= 0.9, 60.0, 0.0) + np.where(np.abs(radius - 0.85) <= 0.05, 60.0, 0.0)
    inner = np.linalg.norm(place_mm - np.array([0, -8, 4])[:, None, None, None], axis=0)
    return _with_ball(replace(empty, data=(head + 25 * (inner <= 9)).astype(np.float32)), place, SIGMA)


def own(scan: Scan, place: float) -> Volume:
    """The middle of `scan`, with a ball on its grid.

    Raises
    ------
    ValueError
        For complex values, less than 6 slices, or an unknown voxel size.
    """
    refuse_complex(scan)
    if scan.size("Z") < FEWEST or min(scan.size("Y"), scan.size("X")) < FEWEST:
        sizes = " x ".join(str(scan.size(axis)) for axis in "ZYX")
        raise ValueError(
            f"scan {scan.name}: this lesson needs a volume of at least {FEWEST} voxels along z, y and x, this has "
            f"{sizes}; open a volume"
        )
    if not scan.spacing_known:
        raise ValueError(f"scan {scan.name}: its file does not say how large a voxel is; open one that does")
    size = tuple(float(min(most, scan.size(axis))) for most, axis in zip(MOST, "ZYX", strict=True))
    middle = apply(Recipe((Line("crop_or_pad", {"size": size}),)), _one_volume(scan))
    values = middle.data[middle.valid]
    if not values.size:
        raise ValueError(f"scan {scan.name}: its middle is all padding; open another scan")
    darkest = float(values.min())
    solid = replace(middle, data=np.where(middle.valid, middle.data, darkest).astype(np.float32), valid=np.array(True))
    shortest = min(n * s for n, s in zip(solid.data.shape, solid.spacing, strict=True))
    return _with_ball(solid, place, max(shortest / 12, 0.75 * max(solid.spacing)))


def positions(scan: Scan) -> Floats:
    """(3, z, y, x): where each voxel of a scan with the axes ZYX lies, LPS mm."""
    z, y, x = np.indices(scan.data.shape)
    linear = scan.affine[:3, :3]
    places: Floats = np.tensordot(linear, np.stack([z, y, x]), 1) + scan.affine[:3, 3][:, None, None, None]
    return places


def centroid(scan: Scan) -> Floats:
    """The mean place of the voxels, weighted by their values, LPS mm."""
    weights = scan.data.astype(np.float64)
    rest = ((1, 2), (0, 2), (0, 1))
    at = [
        np.arange(n) @ weights.sum(axis=others) / weights.sum() for n, others in zip(weights.shape, rest, strict=True)
    ]
    place: Floats = scan.affine[:3, :3] @ np.array(at) + scan.affine[:3, 3]
    return place


def _with_ball(scan: Scan, place: float, sigma: float) -> Volume:
    share = np.array([place, OFF_AXIS, OFF_AXIS])
    at = share * (np.array(scan.data.shape) - 1)
    middle = scan.affine[:3, :3] @ at + scan.affine[:3, 3]
    distance = np.linalg.norm(positions(scan) - middle[:, None, None, None], axis=0)
    ball = np.exp(-(distance**2) / (2 * sigma**2)).astype(np.float32)
    bright = float(np.percentile(scan.data, 99.5)) - float(scan.data.min())
    alone = replace(scan, data=ball)
    labels = np.select([distance <= 1.5 * sigma, distance <= 2.2 * sigma, distance <= 3.2 * sigma], [5, 1, 2], 0)
    return Volume(
        replace(scan, data=(scan.data + np.float32(bright) * ball).astype(np.float32)),
        alone,
        centroid(alone),
        at,
        replace(scan, data=labels.astype(np.float32), unit="1"),
        sigma,
    )


def _one_volume(scan: Scan) -> Scan:
    """The middle of time, the first channel; the axes are ZYX."""
    one = middle_of(scan, "TC")
    shape = one.data.shape[-3:]
    data, valid = one.data.reshape(shape), one.valid.reshape(shape)
    return replace(one, data=data, valid=valid, axes="ZYX", mask=None, channels=())


def _tilted(shape: tuple[int, ...], spacing: tuple[float, ...], tilt: float) -> Floats:
    """Slices stacked along the patient's z, tilted; the middle of the volume is at 0, 0, 0."""
    turn = math.radians(tilt)
    affine = np.eye(4)
    affine[:3, 0] = np.array([0, -math.sin(turn), math.cos(turn)]) * spacing[0]
    affine[:3, 1] = np.array([0, math.cos(turn), math.sin(turn)]) * spacing[1]
    affine[:3, 2] = np.array([1.0, 0, 0]) * spacing[2]
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return affine
