"""Ways to resample that are often seen in scripts, beside the step that this project has."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from scipy.ndimage import zoom

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan, voxel_affine

Way = Callable[[Scan, float], Scan]


def recipe(spacing: float, interpolation: str = "linear") -> Recipe:
    """The step alone."""
    return Recipe((Line("resample", {"spacing": (spacing,) * 3, "interpolation": interpolation}),), name="resample")


def by_step(scan: Scan, spacing: float) -> Scan:
    """The step `resample`."""
    return apply(recipe(spacing), scan)


def by_simpleitk(scan: Scan, spacing: float) -> Scan:
    """SimpleITK with size, spacing, and the origin and direction of the scan."""
    image = _itk(scan)
    size = _size(scan, spacing)
    new = SimpleITK.Resample(
        image,
        size[::-1],
        interpolator=SimpleITK.sitkLinear,
        outputOrigin=image.GetOrigin(),
        outputSpacing=(spacing,) * 3,
        outputDirection=image.GetDirection(),
    )
    affine = scan.affine.copy()
    affine[:3, :3] = scan.direction * spacing
    return _placed(scan, SimpleITK.GetArrayFromImage(new), affine)


def by_size_and_spacing(scan: Scan, spacing: float) -> Scan:
    """SimpleITK with SetSize and SetOutputSpacing alone: the origin is then 0, 0, 0 and the grid is not tilted."""
    resampler = SimpleITK.ResampleImageFilter()
    resampler.SetSize(_size(scan, spacing)[::-1])
    resampler.SetOutputSpacing((spacing,) * 3)
    resampler.SetInterpolator(SimpleITK.sitkLinear)
    return _placed(scan, SimpleITK.GetArrayFromImage(resampler.Execute(_itk(scan))), voxel_affine((spacing,) * 3))


def by_zoom(scan: Scan, spacing: float) -> Scan:
    """ndimage.zoom, and the old origin and direction with the new spacing."""
    factors = [n / had for n, had in zip(_size(scan, spacing), scan.data.shape, strict=True)]
    values = zoom(scan.data, factors, order=1)
    affine = scan.affine.copy()
    affine[:3, :3] = scan.affine[:3, :3] / np.array(factors)
    return _placed(scan, values, affine)


def by_zoom_alone(scan: Scan, spacing: float) -> Scan:
    """ndimage.zoom, and an image that knows its spacing but neither its origin nor its direction."""
    zoomed = by_zoom(scan, spacing)
    return replace(zoomed, affine=voxel_affine(zoomed.spacing))


WAYS: Mapping[str, tuple[str, Way]] = MappingProxyType(
    {
        "step": ("the step resample", by_step),
        "simpleitk": ("SimpleITK, with origin", by_simpleitk),
        "bare": ("SetSize, no origin", by_size_and_spacing),
        "zoom": ("ndimage.zoom", by_zoom),
        "zoom_alone": ("zoom, no origin", by_zoom_alone),
    }
)
"""By name, how it is called and how it is done."""


def _size(scan: Scan, spacing: float) -> tuple[int, ...]:
    return tuple(max(1, round(n * s / spacing)) for n, s in zip(scan.data.shape, scan.spacing, strict=True))


def _itk(scan: Scan) -> SimpleITK.Image:
    image = SimpleITK.GetImageFromArray(scan.data)
    image.SetSpacing(scan.spacing[::-1])
    image.SetOrigin(scan.origin)
    image.SetDirection(scan.direction[:, ::-1].ravel().tolist())
    return image


def _placed(scan: Scan, data: NDArray[np.float32], affine: NDArray[np.float64]) -> Scan:
    return replace(scan, data=data, affine=affine, valid=np.array(True), mask=None)
