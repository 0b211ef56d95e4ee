"""Standardising maps, flat fields and uneven backgrounds, against NumPy, SciPy, scikit-image and known truths."""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.morphology import disk, white_tophat
from skimage.restoration import ellipsoid_kernel, rolling_ball

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan, voxel_affine
from tests.ops.fields.shaded import DARK, shaded, vignette

RNG = np.random.default_rng(3)
CASES = RNG.normal(1000, 30, (9, 4, 20, 25)).astype(np.float32)
PLANE = RNG.gamma(2, 50, (90, 110)).astype(np.float32)


def like_standardized(scale: str, floor: float) -> Callable[[], float]:
    def difference() -> float:
        scans = [Scan(case, "ZYX") for case in CASES]
        recipe = fit(Recipe((Line("standardize_map", {"scale": scale, "std_floor": floor}),)), scans)
        pool = CASES.astype(np.float64)
        spread = pool.std(0) if scale == "std" else np.ptp(pool, 0)
        pairs = zip(scans, (pool - pool.mean(0)) / np.maximum(spread, floor), strict=True)
        return max(float(np.abs(apply(recipe, scan).data - wanted).max()) for scan, wanted in pairs)

    return difference


def flat(estimate: str, images: np.ndarray) -> Recipe:
    return fit(Recipe((Line("flat_field", {"estimate": estimate, "dark": DARK}),)), [Scan(images, "TYX")])


def like_basicpy() -> float:
    """BaSiC.transform of BaSiCPy: (images - darkfield) / flatfield."""
    images = shaded(6)
    recipe = flat("basic", images)
    field = recipe.lines[0].fitted.arrays["flat"].data[0].astype(np.float64)
    theirs = (images - DARK) / field
    return float(np.abs(apply(recipe, Scan(images, "TYX")).data / theirs - 1).max())


def left_of_a_vignette(estimate: str, count: int, cells: int) -> Callable[[], float]:
    def difference() -> float:
        # What the vignette alone becomes: the same value everywhere, if it is removed.
        scene = Scan((100 * vignette() + DARK).astype(np.float32), "YX")
        return float(apply(flat(estimate, shaded(count, cells)), scene).data.std() / 100)

    return difference


def subtracted(method: str, radius: float, lengths_in: str = "px", height: float = 50.0) -> np.ndarray:
    params = {"method": method, "radius": radius, "lengths_in": lengths_in, "height": height}
    scan = Scan(PLANE, "YX", voxel_affine((1.0, 0.5)), True)
    return apply(Recipe((Line("background_subtract", params),)), scan).data.astype(np.float64)


def like_gaussian() -> float:
    wide = PLANE.astype(np.float64)
    return float(np.abs(subtracted("gaussian", 12.0) - (wide - gaussian_filter(wide, 12))).max() / wide.max())


def like_ball() -> float:
    theirs = (PLANE - rolling_ball(PLANE, radius=radius) for radius in (5, 10, 25))
    return max(
        float(np.abs(subtracted("rolling_ball", float(radius), height=radius) - wanted).max())
        for radius, wanted in zip((5, 10, 25), theirs, strict=True)
    )


def like_ellipsoid() -> float:
    theirs = PLANE - rolling_ball(PLANE, kernel=ellipsoid_kernel((21, 41), 70))
    return float(np.abs(subtracted("rolling_ball", 10.0, "mm", 70.0) - theirs).max())


def like_tophat() -> float:
    return max(
        float(np.abs(subtracted("tophat", float(radius)) - white_tophat(PLANE, disk(radius))).max())
        for radius in (2, 5, 10)
    )
