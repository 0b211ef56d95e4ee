"""Grids and scans to resample: thick, oblique and sheared."""

import numpy as np
import pytest
import SimpleITK
from scipy.spatial.transform import Rotation

from prep_core.scan import Scan, voxel_affine

INTERPOLATIONS = ("nearest", "linear", "bspline")
ORDER = {"nearest": 0, "linear": 1, "bspline": 3}


def affine_of(spacing, origin=(-30.0, 12.5, 4.0), degrees=(0, 0, 0)):
    affine = voxel_affine(spacing, origin)
    affine[:3, :3] = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix() @ affine[:3, :3]
    return affine


THICK = affine_of((5.0, 0.7, 0.9))
OBLIQUE = affine_of((2.0, 1.1, 0.8), degrees=(20, -35, 50))
SHEARED = OBLIQUE @ np.array([[1, 0, 0, 0], [0.2, 1, 0, 0], [0, 0.1, 1, 0], [0, 0, 0, 1.0]])
GRIDS = {"thick": THICK, "oblique": OBLIQUE, "sheared": SHEARED}
any_grid = pytest.mark.parametrize("affine", GRIDS.values(), ids=GRIDS)
any_interpolation = pytest.mark.parametrize("interpolation", INTERPOLATIONS)


def scan_of(data, affine=None, axes="ZYX", **facts):
    data.flags.writeable = False
    return Scan(data, axes, np.eye(4) if affine is None else affine, spacing_known=True, **facts)


def noise(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def positions(scan):
    """(3, z, y, x): the patient position of the centre of every voxel, from its definition."""
    index = np.indices(scan.data.shape[-3:]).reshape(3, -1)
    return (scan.affine[:3, :3] @ index + scan.affine[:3, 3:]).reshape(3, *scan.data.shape[-3:])


def between_two(index):
    """Where a new voxel lies halfway between two old ones, so that either is its nearest."""
    return (np.abs(index % 1 - 0.5) < 1e-6).any(axis=0)


def in_space(scan):
    """As SimpleITK has it, in the patient's space."""
    image = SimpleITK.GetImageFromArray(scan.data)
    image.SetOrigin(scan.origin)
    image.SetSpacing(scan.spacing[::-1])
    image.SetDirection(scan.direction[:, ::-1].ravel().tolist())
    return image


def old_indices(scan, old):
    place = positions(scan).reshape(3, -1) - old.affine[:3, 3:]
    return np.linalg.solve(old.affine[:3, :3], place).reshape(3, *scan.data.shape[-3:])
