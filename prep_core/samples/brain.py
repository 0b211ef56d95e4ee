"""A simulated MR of a head: tissues, the field of four coils, and noise, each of them known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan, Source, voxel_affine

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Point = tuple[float, float, float]

AIR, BONE, FLUID, SCALP, GREY, WHITE = 0.0, 40.0, 90.0, 380.0, 280.0, 500.0
"""What tissues shine with in a T1-weighted picture, roughly."""

_COIL_RADIUS = 130.0
"""In mm."""

_COILS = (
    ((0.0, -30.0, 130.0), 1.0),
    ((20.0, -60.0, -130.0), 0.55),
    ((0.0, 140.0, 0.0), 0.7),
    ((60.0, -150.0, 0.0), 0.8),
)
"""Centres (z, y, x) in mm from the middle of the head, and gains."""


@dataclass(frozen=True, eq=False)
class BrainPhantom:
    """A simulated scan, and all that is known about it.

    Attributes
    ----------
    scan : Scan
        ``abs(truth * field + noise)``, axes "ZYX", modality MR.
    truth : (z, y, x) float32 ndarray
        What the scan would be without field and noise.
    field : (z, y, x) float32 ndarray
        By what the coils multiply; its mean over white and grey matter is 1.
    white, grey : (z, y, x) bool ndarray
    """

    scan: Scan
    truth: NDArray[np.float32]
    field: NDArray[np.float32]
    white: Mask
    grey: Mask


def simulate_brain() -> Scan:
    """The scan of `brain_phantom` with its defaults."""
    return brain_phantom().scan


def brain_phantom(
    *,
    shape: tuple[int, int, int] = (64, 80, 64),
    spacing: float = 2.5,
    noise: float = 5.0,
    strength: float = 1.0,
    seed: int = 0,
) -> BrainPhantom:
    """Simulate a T1-weighted MR of a head of about 190 mm, shaded by receiving coils.

    Parameters
    ----------
    spacing : float
        Size of the cubic voxels in mm.
    noise : float
        Standard deviation of the noise of the real and of the imaginary part; white matter is 500.
    strength : float
        The field is that of the coils to this power; 0 for none.
    seed : int
        Of NumPy's PCG64: the same seed gives the same bytes.

    Notes
    -----
    Tissues are ellipsoids; the border of grey and white matter is folded by sines.  A coil of radius R is as
    sensitive as its own field on its axis is strong, by the law of Biot and Savart: ``R^3 / (R^2 + d^2)^(3/2)`` at
    a distance d, here in all directions; the coils add.  The magnitude of complex Gaussian noise around a value is
    distributed as Rice says [1]_.

    References
    ----------
    .. [1] H. Gudbjartsson, S. Patz, "The Rician distribution of noisy MRI data", Magnetic Resonance in Medicine
       34:910, 1995.
    """
    at = np.meshgrid(*((np.arange(n) - (n - 1) / 2) * spacing for n in shape), indexing="ij")
    truth, white, grey = _tissues(at)
    field = _sensitivity(at) ** strength
    field /= field[white | grey].mean()
    rng = np.random.Generator(np.random.PCG64(seed))
    real, imaginary = rng.normal(0, noise, (2, *shape))
    scan = Scan(
        np.hypot(truth * field + real, imaginary).astype(np.float32),
        "ZYX",
        voxel_affine((spacing,) * 3),
        spacing_known=True,
        modality="MR",
        name="mr_simulated",
        source=Source(format="simulated", reader="simulate_brain", facts={"seed": seed}),
    )
    return BrainPhantom(scan, truth.astype(np.float32), field.astype(np.float32), white, grey)


def _tissues(at: Sequence[Floats]) -> tuple[Floats, Mask, Mask]:
    """The picture, white matter and grey matter; `at` are z, y and x in mm, y to the back."""
    ventricles = _within(at, (6, 5, 9), (12, 26, 6)) | _within(at, (6, 5, -9), (12, 26, 6))
    nuclei = _within(at, (0, -8, 20), (10, 14, 7)) | _within(at, (0, -8, -20), (10, 14, 7))
    cortex = _within(at, (0, 0, 0), (61, 80, 59))
    core = _reach(at, (0, 0, 0), (51, 70, 49)) * _folds(at) ** 2 < 1
    white = core & ~nuclei & ~ventricles
    grey = (cortex & ~core | nuclei) & ~ventricles
    picture = np.full(at[0].shape, AIR)
    for axes, shine in (((75, 94, 73), SCALP), ((69, 88, 67), BONE), ((64, 83, 62), FLUID)):
        picture[_within(at, (0, 0, 0), axes)] = shine
    picture[grey], picture[white] = GREY, WHITE
    return picture, white, grey


def _folds(at: Sequence[Floats]) -> Floats:
    z, y, x = at
    folds: Floats = 1 + 0.06 * np.sin(x / 4.5) * np.cos(y / 5.5) + 0.06 * np.sin(z / 5) * np.cos(x / 6)
    return folds


def _within(at: Sequence[Floats], centre: Point, half_axes: Point) -> Mask:
    return _reach(at, centre, half_axes) < 1


def _reach(at: Sequence[Floats], centre: Point, half_axes: Point) -> Floats:
    """1 on the ellipsoid, less inside."""
    reach: Floats = sum(
        (((a - c) / half) ** 2 for a, c, half in zip(at, centre, half_axes, strict=True)), np.zeros_like(at[0])
    )
    return reach


def _sensitivity(at: Sequence[Floats]) -> Floats:
    """Of all coils together."""
    total = np.zeros_like(at[0])
    for centre, gain in _COILS:
        squared = sum((a - c) ** 2 for a, c in zip(at, centre, strict=True))
        total += gain * _COIL_RADIUS**3 / (_COIL_RADIUS**2 + squared) ** 1.5
    return total
