"""N4 by sums axis by axis, against SimpleITK on the grid on which both find the field, and against a known field."""

from functools import cache

import numpy as np
import SimpleITK

from prep_core.measure import inside_mask
from prep_core.ops.itk_threads import one_thread
from prep_core.scan import Scan
from tests.oracles.bias import after, ball, head

Volume = np.ndarray


def log_field(image: Volume, inside: Volume, **params: float) -> Volume:
    """The logarithm of the field of engine separable, by the step itself on an image as it is."""
    scan = Scan(image, "ZYX"[-image.ndim :], mask=inside)
    even = after("n4", scan, shrink=1, preserve_mean=False, engine="separable", **params)
    return np.log(np.divide(image, even, where=image > 0, out=np.ones_like(image)))


def log_field_of_simpleitk(
    image: Volume,
    inside: Volume,
    iterations: int = 50,
    levels: int = 4,
    control_points: int = 4,
    order: int = 3,
    bins: int = 200,
    fwhm: float = 0.15,
    wiener: float = 0.01,
) -> Volume:
    """The same of SimpleITK, where the image has a logarithm."""
    small, mask = (SimpleITK.GetImageFromArray(each) for each in (image, (inside & (image > 0)).astype(np.uint8)))
    corrector = SimpleITK.N4BiasFieldCorrectionImageFilter()
    corrector.SetMaximumNumberOfIterations([iterations] * levels)
    corrector.SetConvergenceThreshold(0.001)
    corrector.SetNumberOfControlPoints([control_points] * image.ndim)
    corrector.SetSplineOrder(order)
    corrector.SetNumberOfHistogramBins(bins)
    corrector.SetBiasFieldFullWidthAtHalfMaximum(fwhm)
    corrector.SetWienerFilterNoise(wiener)
    with one_thread():
        corrector.Execute(small, mask)
        field = SimpleITK.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(small))
    return np.where(image > 0, field, np.float32(0))


def shrunk_by_simpleitk(image: Volume, factor: int) -> Volume:
    small = SimpleITK.Shrink(SimpleITK.GetImageFromArray(image), [factor] * image.ndim)
    return SimpleITK.GetArrayFromImage(small)


def like_simpleitk_on_the_small_grid() -> float:
    scan = head().scan
    image = shrunk_by_simpleitk(scan.data, 3)
    inside = shrunk_by_simpleitk(inside_mask(scan, "foreground").astype(np.uint8), 3) > 0
    return _rms(log_field(image, inside) - log_field_of_simpleitk(image, inside))


def like_simpleitk_in_a_plane() -> float:
    plane = ball((60, 64), (1.0, 1.0))
    return _rms(log_field(plane.data, plane.mask) - log_field_of_simpleitk(plane.data, plane.mask))


def away_from_simpleitk() -> float:
    """What SimpleITK's stretching of the field over the whole image comes to, in the brain."""
    scan, brain = head().scan, head().white | head().grey
    fields = [scan.data / after("n4", scan, "foreground", engine=engine) for engine in ("simpleitk", "separable")]
    ratio = (fields[0] / fields[1])[brain].astype(np.float64)
    return float(ratio.std() / ratio.mean())


def left_of_the_coils() -> float:
    phantom, brain = head(), head().white | head().grey
    left = (phantom.scan.data / head_after_separable() / phantom.field)[brain].astype(np.float64)
    return float(left.std() / left.mean())


@cache
def head_after_separable() -> Volume:
    return after("n4", head().scan, "foreground", engine="separable")


def _rms(difference: Volume) -> float:
    return float(np.sqrt(np.mean(difference.astype(np.float64) ** 2)))
