"""What the steps of the family contrast are compared with."""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.exposure import equalize_adapthist, equalize_hist
from skimage.filters import unsharp_mask

from prep_core.line import Line
from prep_core.scan import Scan, voxel_affine
from tests.oracles.oracle import Oracle
from tests.suited import result_of

RANGE = {"input_range": "fixed", "in_low": -1000.0, "in_high": 2000.0}


def textured() -> np.ndarray:
    """Fine grain on coarse shading, (y, x), from -1000 to 2000."""
    noise = np.random.default_rng(0).normal(size=(200, 300))
    mixed = gaussian_filter(noise, 2) * 6 + gaussian_filter(noise[::-1], 30) * 60
    return ((mixed - mixed.min()) / np.ptp(mixed) * 3000 - 1000).astype(np.float32)


def after(step: str, data: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.0), **params: object) -> np.ndarray:
    scan = Scan(data, "ZYX"[-data.ndim :], voxel_affine(spacing), True)
    return result_of(Line(step, params), scan).data.astype(np.float64)


def clahe(engine: str) -> tuple[np.ndarray, np.ndarray]:
    """Ours, and scikit-image's on the same values scaled to 0..1."""
    scaled = np.clip((textured() + np.float32(1000)) / np.float32(3000), 0, 1)
    return after("clahe", textured(), engine=engine, **RANGE), equalize_adapthist(scaled, kernel_size=64)


def largest(engine: str) -> float:
    ours, theirs = clahe(engine)
    return float(np.abs(ours - theirs).max())


def mean_difference(engine: str) -> float:
    ours, theirs = clahe(engine)
    return float(np.abs(ours - theirs).mean())


def uncorrelated(engine: str) -> float:
    return 1 - float(np.corrcoef(*(image.ravel() for image in clahe(engine)))[0, 1])


def equalize(bins: int) -> Callable[[], float]:
    def difference() -> float:
        data = textured()
        mask = data > 0
        scan = Scan(data, "YX", mask=mask)
        ours = result_of(Line("equalize", {"bins": bins}, inside="mask"), scan).data
        return float(np.abs(ours - equalize_hist(data.astype(np.float64), bins, mask)).max())

    return difference


def unsharp() -> float:
    volume = np.stack([textured()[i::20, ::10] for i in range(12)]) / 1000
    ours = after("unsharp", volume, (1.5, 1.5, 1.5), radius=3.0, amount=1.7, extent="volume")
    theirs = unsharp_mask(volume.astype(np.float64), radius=2.0, amount=1.7, preserve_range=True)
    return float(np.abs(ours - theirs).max())


ORACLES = (
    Oracle("clahe", "scikit-image equalize_adapthist, engine skimage", partial(largest, "skimage"), 0),
    Oracle(
        "clahe",
        "scikit-image equalize_adapthist, engine fast: correlation",
        partial(uncorrelated, "fast"),
        0.005,
        "1 - r",
    ),
    Oracle(
        "clahe",
        "scikit-image equalize_adapthist, engine fast: difference",
        partial(mean_difference, "fast"),
        0.01,
        "mean absolute difference",
    ),
    Oracle("equalize", "scikit-image equalize_hist with mask, 256 bins", equalize(256), 1e-6),
    Oracle("equalize", "scikit-image equalize_hist with mask, 1000 bins", equalize(1000), 1e-6),
    Oracle("unsharp", "scikit-image unsharp_mask in float64, radius in mm by hand", unsharp, 1e-5),
)
