"""Bias correction, against SimpleITK, SciPy, astropy, NumPy and fields that are known."""

from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np
import SimpleITK
from astropy.convolution import Gaussian2DKernel, convolve
from scipy.ndimage import gaussian_filter

from prep_core.line import Line
from prep_core.measure import inside_mask
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.brain import BrainPhantom, brain_phantom
from prep_core.scan import Scan, voxel_affine

Volume = np.ndarray


def after(step: str, scan: Scan, inside: str = "mask", **params: object) -> Volume:
    return apply(Recipe((Line(step, params, inside=inside),)), scan).data


@cache
def head() -> BrainPhantom:
    return brain_phantom()


@cache
def head_after_n4() -> Volume:
    return after("n4", head().scan, "foreground")


def ball(shape: tuple[int, ...] = (14, 30, 36), spacing: tuple[float, ...] = (3.0, 2.0, 2.5)) -> Scan:
    """Two tissues in an ellipsoid with a slope along x, noise, and a mask."""
    at = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    radius = np.sqrt(sum(a**2 for a in at))
    tissue = np.where(radius < 0.6, 400.0, 250.0) * (radius < 0.9)
    noise = np.random.default_rng(5).normal(0, 6, shape)
    data = np.abs(tissue * np.exp(0.25 * at[-1]) + noise).astype(np.float32)
    return Scan(data, "ZYX"[-len(shape) :], voxel_affine(spacing), True, modality="MR", mask=radius < 0.88)


def furthest(got: Volume, wanted: Volume) -> float:
    return float(np.abs(got.astype(np.float64) - wanted).max())


def relative(got: Volume, wanted: Volume) -> float:
    return float(np.abs(got.astype(np.float64) / wanted - 1).max())


def of_simpleitk(image: Volume, mask: Volume, factors: tuple[int, int, int]) -> tuple[Volume, Volume]:
    """The image over the field, as the example of SimpleITK has it, and N4's own image; factors are (x, y, z)."""
    before = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    full, inside = SimpleITK.GetImageFromArray(image), SimpleITK.GetImageFromArray(mask.astype(np.uint8))
    corrector = SimpleITK.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([50, 50, 50, 50])
    corrector.SetConvergenceThreshold(0.001)
    own = corrector.Execute(SimpleITK.Shrink(full, factors), SimpleITK.Shrink(inside, factors))
    field = np.exp(SimpleITK.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(full)))
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(before)
    return image / field, SimpleITK.GetArrayFromImage(own)


def like_simpleitk() -> float:
    scan = head().scan
    wanted, _ = of_simpleitk(scan.data, inside_mask(scan, "foreground"), (4, 4, 4))
    return furthest(after("n4", scan, "foreground", preserve_mean=False), wanted)


def like_simpleitk_thick() -> float:
    scan = ball((12, 60, 64), (7.0, 1.0, 1.0))
    wanted, _ = of_simpleitk(scan.data, scan.mask, (4, 4, 1))
    return furthest(after("n4", scan, preserve_mean=False), wanted)


def like_simpleitk_whole() -> float:
    scan = ball()
    _, wanted = of_simpleitk(scan.data, scan.mask, (1, 1, 1))
    return relative(after("n4", scan, shrink=1, preserve_mean=False)[scan.mask], wanted[scan.mask])


def left_of_the_coils() -> float:
    phantom, brain = head(), head().white | head().grey
    left = (phantom.scan.data / head_after_n4() / phantom.field)[brain].astype(np.float64)
    return float(left.std() / left.mean())


def joint_variation() -> float:
    white, grey = (head_after_n4()[region].astype(np.float64) for region in (head().white, head().grey))
    return float((white.std() + grey.std()) / abs(white.mean() - grey.mean()))


def like_gaussian_filter(method: str) -> Callable[[], float]:
    def difference() -> float:
        scan = ball()
        x, w = scan.data.astype(np.float64), scan.mask.astype(np.float64)
        sigma = (20 / 3.0, 20 / 2.0, 20 / 2.5)
        level = np.log(x) if method == "homomorphic" else x
        mean = gaussian_filter(w * level, sigma, mode="constant") / gaussian_filter(w, sigma, mode="constant")
        even = x / (np.exp(mean) if method == "homomorphic" else mean)
        wanted = even * x[scan.mask].mean() / even[scan.mask].mean()
        return relative(after("lowpass_field", scan, method=method, sigma=20.0), wanted)

    return difference


def like_astropy() -> float:
    """With holes, and borders beyond which there is nothing."""
    scan = ball((50, 64), (1.0, 1.0))
    holed = np.where(scan.mask, scan.data, np.nan).astype(np.float64)
    kernel = Gaussian2DKernel(6.0, x_size=49)
    wanted = convolve(holed, kernel, boundary="fill", fill_value=np.nan, nan_treatment="interpolate")
    field = scan.data / after("lowpass_field", scan, sigma=6.0).astype(np.float64)
    ratio = (field / wanted)[scan.mask]
    return float(np.abs(ratio / ratio.mean() - 1).max())


def like_lstsq() -> float:
    scan = ball()
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in scan.data.shape), indexing="ij")
    powers = [p for p in product(range(4), repeat=3) if sum(p) <= 3]
    terms = np.stack([z**a * y**b * x**c for a, b, c in powers], axis=-1)
    values = scan.data.astype(np.float64)
    fit = np.linalg.lstsq(terms[scan.mask], np.log(values[scan.mask]), rcond=None)[0]
    even = (values / np.exp(terms @ fit))[scan.mask]
    wanted = even * values[scan.mask].mean() / even.mean()
    return relative(after("polynomial_field", scan, order=3)[scan.mask], wanted)


def left_of_a_polynomial() -> float:
    z, y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in (20, 40, 40)), indexing="ij")
    known = np.exp(0.3 * x - 0.2 * y + 0.1 * z - 0.25 * x**2 + 0.15 * y * z)
    grain = 1 + np.random.default_rng(2).normal(0, 0.02, x.shape)
    scan = Scan((300 * known * grain).astype(np.float32), "ZYX", mask=x**2 + y**2 + z**2 < 0.9)
    ratio = (scan.data / after("polynomial_field", scan).astype(np.float64) / known)[scan.mask]
    return float(np.abs(ratio / ratio.mean() - 1).max())
