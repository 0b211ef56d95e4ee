"""What the steps of the family noise are compared with."""

from itertools import product

import numpy as np
import SimpleITK
from astropy.convolution import Gaussian2DKernel, convolve
from scipy.ndimage import gaussian_filter, median_filter
from skimage.restoration import denoise_nl_means, denoise_tv_chambolle

from prep_core.line import Line
from prep_core.scan import Scan, voxel_affine
from tests.oracles.oracle import Oracle
from tests.oracles.schemes import bilateral, curvature_diffusion, non_local_means
from tests.suited import result_of

THICK = (2.0, 0.8, 0.8)


def noise(*shape: int) -> np.ndarray:
    """Two grey levels, 0 and 1, under noise of 0.2."""
    data = np.random.default_rng(0).normal(scale=0.2, size=shape).astype(np.float32)
    data[..., shape[-1] // 2 :] += 1
    return data


def after(step: str, data: np.ndarray, spacing: tuple[float, ...] = THICK, **params: object) -> np.ndarray:
    scan = Scan(data, "ZYX"[-data.ndim :], voxel_affine(spacing[-data.ndim :]), True)
    return result_of(Line(step, params), scan).data.astype(np.float64)


def furthest(got: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.abs(got - wanted).max())


def gaussian_of_scipy() -> float:
    volume = noise(12, 30, 32)
    wanted = gaussian_filter(volume.astype(np.float64), (1.2 / 2.0, 1.2 / 0.8, 1.2 / 0.8))
    return furthest(after("gaussian", volume, sigma=1.2), wanted)


def gaussian_of_a_point() -> float:
    """The standard deviation of the spot that a point becomes, along each axis, in mm."""
    point = np.zeros((31, 61, 61), np.float32)
    point[15, 30, 30] = 1
    spot = after("gaussian", point, sigma=3.0)
    places = np.meshgrid(*((np.arange(n) - n // 2) * side for n, side in zip(point.shape, THICK, strict=True)))
    spreads = [np.sqrt((spot * np.swapaxes(place, 0, 1) ** 2).sum() / spot.sum()) for place in places]
    return max(abs(spread / 3.0 - 1) for spread in spreads)


def gaussian_with_holes() -> float:
    """Against a convolution that leaves NaN out; the 8 pixels at the border, where the two differ, do not count."""
    plane = noise(60, 64)
    plane[20:30, 15:33] = np.nan
    wanted = convolve(plane.astype(np.float64), Gaussian2DKernel(2.0, x_size=17), nan_treatment="interpolate")
    ours = after("gaussian", plane, (1.0, 1.0), sigma=2.0)
    inner = np.isfinite(plane)
    inner[:8], inner[-8:], inner[:, :8], inner[:, -8:] = False, False, False, False
    return furthest(ours[inner], wanted[inner])


def median_of_simpleitk() -> float:
    volume = noise(12, 30, 32)
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.Median(SimpleITK.GetImageFromArray(volume), [2, 2, 2]))
    ours = after("median", volume, size=5, extent="volume")
    inner = (slice(2, -2),) * 3
    return furthest(ours[inner], theirs[inner])


def median_with_holes() -> float:
    plane = noise(30, 32)
    plane[np.random.default_rng(1).uniform(size=plane.shape) < 0.3] = np.nan
    padded = np.pad(plane, 2, mode="reflect")
    windows = [padded[y : y + 30, x : x + 32] for y, x in product(range(5), repeat=2)]
    there = np.isfinite(plane)
    wanted = np.nanmedian(np.stack(windows)[:, there], axis=0)
    return furthest(after("median", plane, size=5)[there], wanted)


def bilateral_by_formula() -> float:
    plane = noise(40, 42)
    ours = after("bilateral", plane, sigma_value=0.5, sigma_space=1.6)
    return furthest(ours, bilateral(plane, 0.5, 2.0, 5))


def bilateral_of_simpleitk() -> float:
    volume = noise(6, 14, 16)
    itk = SimpleITK.GetImageFromArray(volume)
    itk.SetSpacing(THICK[::-1])
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.Bilateral(itk, 1.6, 0.5, 10_000))
    return furthest(after("bilateral", volume, sigma_value=0.5, sigma_space=1.6, extent="volume"), theirs)


def tv_of_skimage() -> float:
    volume = noise(8, 30, 32)
    return furthest(after("tv", volume, weight=0.3, extent="volume"), denoise_tv_chambolle(volume, 0.3))


def tv_of_two_plateaus() -> float:
    """Plateaus 0 and 100, 4 and 6 pixels wide, move towards each other by weight / width."""
    plane = np.repeat(np.float32([0, 100]), [4, 6]) * np.ones((5, 1), np.float32)
    wanted = np.repeat([12 / 4, 100 - 12 / 6], [4, 6])
    return furthest(after("tv", plane, weight=12.0, convergence=0.0, iterations=1000), wanted) / 100


def nlm_of_skimage() -> float:
    volume = noise(8, 20, 22)
    wanted = denoise_nl_means(volume.astype(np.float64), 5, 3, 0.3)
    return furthest(after("nlm", volume, h=0.3, patch=5, distance=3, extent="volume"), wanted)


def nlm_by_formula() -> float:
    plane = noise(24, 26)
    return furthest(after("nlm", plane, h=0.3, patch=5, distance=4), non_local_means(plane, 0.3, 5, 4))


def anisotropic_of_simpleitk() -> float:
    volume = noise(10, 24, 26)
    itk = SimpleITK.GetImageFromArray(volume)
    itk.SetSpacing((1.0, 1.0, 2.5))
    theirs = SimpleITK.CurvatureAnisotropicDiffusion(itk, 0.0625, 2.0, 1, 7)
    ours = after("anisotropic", volume, (2e-3, 8e-4, 8e-4), conductance=2.0, iterations=7, extent="volume")
    return furthest(ours, SimpleITK.GetArrayFromImage(theirs))


def anisotropic_by_formula() -> float:
    plane = noise(40, 42)
    return furthest(after("anisotropic", plane, conductance=1.5), curvature_diffusion(plane, 1.5, 5))


def hot_pixels_planted() -> float:
    """Hot and dead pixels that are missed, others that are replaced, and all that are not the median, counted."""
    plane = np.random.default_rng(0).normal(size=(120, 130)).astype(np.float32)
    planted = np.zeros(plane.shape, bool)
    planted[5::12, 7::13] = True
    spoilt = np.where(planted, np.float32(60) * (-1) ** np.arange(130), plane).astype(np.float32)
    wanted = np.where(planted, median_filter(spoilt, 3), spoilt)
    return float(np.count_nonzero(after("hot_pixels", spoilt, threshold=8.0) != wanted))


ORACLES = (
    Oracle("gaussian", "SciPy gaussian_filter in float64, sigma in mm by hand", gaussian_of_scipy, 1e-6),
    Oracle("gaussian", "astropy convolve around NaN", gaussian_with_holes, 1e-6),
    Oracle("gaussian", "a point becomes a spot of sigma 3 mm", gaussian_of_a_point, 0.01, "relative difference"),
    Oracle("median", "SimpleITK Median, inside the border", median_of_simpleitk, 0),
    Oracle("median", "NumPy nanmedian with 30 % padding", median_with_holes, 0),
    Oracle("bilateral", "formula of Tomasi and Manduchi in NumPy", bilateral_by_formula, 1e-4),
    Oracle("bilateral", "SimpleITK Bilateral, voxels in mm, table of 10,000", bilateral_of_simpleitk, 1e-3),
    Oracle("tv", "scikit-image denoise_tv_chambolle through a volume", tv_of_skimage, 0),
    Oracle(
        "tv", "two plateaus: exact solution of Rudin, Osher and Fatemi", tv_of_two_plateaus, 1e-5, "share of the step"
    ),
    Oracle("nlm", "scikit-image denoise_nl_means in float64, through a volume", nlm_of_skimage, 1e-6),
    Oracle("nlm", "formula of Buades, Coll and Morel in NumPy", nlm_by_formula, 5e-3),
    Oracle(
        "anisotropic", "SimpleITK CurvatureAnisotropicDiffusion, voxels 1 x 1 x 2.5", anisotropic_of_simpleitk, 1e-6
    ),
    Oracle("anisotropic", "scheme of Whitaker and Xue in NumPy float64", anisotropic_by_formula, 1e-5),
    Oracle("hot_pixels", "planted hot and dead pixels, SciPy median_filter", hot_pixels_planted, 0, "wrong pixels"),
)
