"""What the steps of the family grid are compared with."""

import math
from collections.abc import Callable

import nibabel
import numpy as np
import SimpleITK
from scipy.ndimage import find_objects, map_coordinates
from skimage.filters import threshold_otsu
from skimage.measure import block_reduce

from prep_core.line import Line
from prep_core.scan import Scan
from tests.ops.grid.grids import OBLIQUE, ORDER, THICK, in_space, noise, old_indices, scan_of
from tests.ops.grid.places import BLOBS, shift
from tests.oracles.oracle import Oracle
from tests.suited import result_of

TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
RESAMPLERS = {
    "nearest": SimpleITK.sitkNearestNeighbor,
    "linear": SimpleITK.sitkLinear,
    "bspline": SimpleITK.sitkBSpline3,
}


def furthest(one, other) -> float:
    return float(np.abs(np.asarray(one, np.float64) - other).max())


def like_simpleitk(interpolation: str) -> Callable[[], float]:
    """Both grids in the patient's space, where ours works in voxels."""

    def difference() -> float:
        old = scan_of(noise((9, 24, 21)), OBLIQUE)
        # No new voxel lies halfway between two old ones, where either is the nearest.
        params = {"spacing": (1.37, 1.93, 0.47), "interpolation": interpolation, "antialias": False}
        new = result_of(Line("resample", params), old)
        theirs = SimpleITK.Resample(
            in_space(old), in_space(new), interpolator=RESAMPLERS[interpolation], useNearestNeighborExtrapolator=True
        )
        return furthest(new.data, SimpleITK.GetArrayFromImage(theirs))

    return difference


def like_scipy(interpolation: str) -> Callable[[], float]:
    """At the positions of the new voxels in the patient, from the two affines."""

    def difference() -> float:
        old = scan_of(noise((9, 24, 21)), THICK)
        params = {"spacing": (1.37, 1.93, 0.47), "interpolation": interpolation, "antialias": False}
        new = result_of(Line("resample", params), old)
        mode = "mirror" if interpolation == "bspline" else "nearest"
        return furthest(
            new.data, map_coordinates(old.data, old_indices(new, old), order=ORDER[interpolation], mode=mode)
        )

    return difference


def in_nifti(scan: Scan) -> nibabel.Nifti1Image:
    """The same voxels as nibabel has them: the array as (x, y, z), positions in RAS."""
    turned = scan.affine[:, [2, 1, 0, 3]]
    data = scan.data.reshape(*(1,) * (3 - scan.data.ndim), *scan.data.shape)
    return nibabel.Nifti1Image(data.T, TO_RAS @ turned)


def like_nibabel(place: Callable[[nibabel.Nifti1Image, Scan], float]) -> Callable[[], float]:
    """On every order and direction of the axes of an oblique grid."""

    def difference() -> float:
        worst = 0.0
        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
            for signs in np.ndindex(2, 2, 2):
                turned = np.eye(4)
                turned[:3, :3] = np.eye(3)[list(order)] * (1 - 2 * np.array(signs))
                old = scan_of(noise((4, 5, 6)), turned @ OBLIQUE)
                theirs = nibabel.as_closest_canonical(in_nifti(old))
                worst = max(worst, place(theirs, result_of(Line("reorient"), old)))
        return worst

    return difference


def voxels(theirs: nibabel.Nifti1Image, ours: Scan) -> float:
    return furthest(ours.data, np.asarray(theirs.dataobj).T)


def positions_of(theirs: nibabel.Nifti1Image, ours: Scan) -> float:
    return furthest(in_nifti(ours).affine, theirs.affine)


def like_find_objects() -> float:
    old = scan_of(bright_box(), THICK)
    (box,) = find_objects((old.data > threshold_otsu(old.data)).astype(int))
    margins = [math.ceil(4.0 / size) for size in old.spacing]
    box = [slice(max(0, s.start - m), min(n, s.stop + m)) for s, m, n in zip(box, margins, old.data.shape, strict=True)]
    new = result_of(Line("crop_foreground", {"margin": 4.0}), old)
    expected = old.data[tuple(box)]
    return furthest(new.data, expected) if new.data.shape == expected.shape else math.inf


def bright_box() -> np.ndarray:
    data = noise((12, 40, 36)) * np.float32(0.1)
    data[3:8, 10:33, 7:19] += 5
    return data


def like_torchio() -> float:
    """The formula of TorchIO's CropOrPad, from its documentation, on every pair of sizes up to 9."""
    worst = 0.0
    for had, asked in np.ndindex(9, 9):
        old = scan_of(noise((had + 1, 7, 6), seed=had))
        new = result_of(Line("crop_or_pad", {"size": (asked + 1, 0, 4), "fill": -7.0}), old)
        expected = torchio_crop_or_pad(torchio_crop_or_pad(old.data, 0, asked + 1), 2, 4)
        worst = max(worst, furthest(new.data, expected) if new.data.shape == expected.shape else math.inf)
    return worst


def torchio_crop_or_pad(data: np.ndarray, axis: int, size: int) -> np.ndarray:
    change = size - data.shape[axis]
    ini, fin = math.ceil(abs(change) / 2), math.floor(abs(change) / 2)
    if change < 0:
        return np.take(data, range(ini, data.shape[axis] - fin), axis)
    return np.pad(data, [(ini, fin) if i == axis else (0, 0) for i in range(3)], constant_values=-7.0)


def like_block_reduce() -> float:
    old = scan_of(noise((7, 23, 30)) * np.float32(100))
    new = result_of(Line("downscale", {"factor": (2, 3, 4)}), old)
    return furthest(new.data, block_reduce(old.data[:6, :21, :28], (2, 3, 4), np.mean))


def like_nanmean() -> float:
    """A quarter of the voxels is not valid; blocks of eight in which at least half is."""
    data = noise((8, 20, 22))
    data[np.random.default_rng(1).uniform(size=data.shape) < 0.25] = np.nan
    new = result_of(Line("downscale", {"factor": (2, 2, 2)}), scan_of(data))
    blocks = data.reshape(4, 2, 10, 2, 11, 2).transpose(0, 2, 4, 1, 3, 5).reshape(4, 10, 11, 8)
    enough = np.isfinite(blocks).sum(axis=-1) >= 4
    same = np.array_equal(enough, new.valid)
    return furthest(new.data[enough], np.nanmean(blocks[enough], axis=-1)) if same else math.inf


MM = "largest shift in the patient, mm"

ORACLES: tuple[Oracle, ...] = (
    Oracle("reorient", "nibabel as_closest_canonical, voxels", like_nibabel(voxels), 0.0),
    Oracle("reorient", "nibabel as_closest_canonical, affine", like_nibabel(positions_of), 1e-9),
    *(
        Oracle("resample", f"SimpleITK Resample, {interpolation}", like_simpleitk(interpolation), 1e-4)
        for interpolation in RESAMPLERS
    ),
    *(
        Oracle("resample", f"SciPy map_coordinates, {interpolation}", like_scipy(interpolation), 1e-4)
        for interpolation in ORDER
    ),
    Oracle("crop_foreground", "SciPy find_objects above scikit-image threshold_otsu", like_find_objects, 0.0),
    Oracle("crop_or_pad", "TorchIO CropOrPad, its formula", like_torchio, 0.0),
    Oracle("downscale", "scikit-image block_reduce", like_block_reduce, 1e-5),
    Oracle("downscale", "NumPy nanmean of each block", like_nanmean, 1e-6),
    *(Oracle(step, "blobs of known place, thick and oblique slices", shift(step), 0.01, MM) for step in BLOBS),
)
