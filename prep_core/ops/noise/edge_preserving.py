"""Steps that smooth noise and keep edges by the size of the steps between values: bilateral, anisotropic diffusion."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np
import SimpleITK

from prep_core.ops.extent import Extent
from prep_core.ops.filling import Mask, around_padding, rows_with_filling
from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn, in_voxels
from prep_core.param import P

_MOST_NEIGHBOURS = 3000
_BILATERAL_RADIUS = 2.5
"""In sigmas: what SimpleITK's filter looks at."""

_RANGE_SAMPLES = 65536
"""Entries of the table in which the filter looks its weights up; with its own 100 the steps are seen in the result."""


def bilateral(
    image: Image,
    valid: Mask,
    spacing: tuple[float, ...] | None,
    *,
    sigma_value: Annotated[
        float,
        P(
            "How far values may differ and still be averaged; two or three times the noise, and less than the edges.",
            (1e-9, 1e9),
            "image units",
            soft=(0.01, 100),
        ),
    ] = 0.1,
    sigma_space: Annotated[
        float, P("Standard deviation of the neighbourhood.", (0.0001, 100), "mm or px", soft=(0.5, 5))
    ] = 1.0,
    lengths_in: LengthsIn = "mm",
    extent: Extent = "plane",
) -> Image:
    """Average each voxel with neighbours of a similar value: flat parts get smooth, edges stay.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape
    spacing : tuple of float or None
        Voxel size in mm.

    Raises
    ------
    ValueError
        For a sigma_space in mm where the voxel size is unknown, or one that takes in more than 3000 neighbours.

    Notes
    -----
    sum w v / sum w over the neighbours v of x, with w = exp(-r^2 / (2 sigma_space^2) - (v - x)^2 / (2 sigma_value^2)).
    Neighbours within 2.5 sigma_space along each axis count (rounded up to voxels), and values within 4 sigma_value.

    The nearest valid value stands in for padding, and the nearest voxel for what lies beyond the border.

    References
    ----------
    Tomasi and Manduchi (1998), Bilateral filtering for gray and color images, ICCV, p. 839; ``SimpleITK.Bilateral``.
    """
    sigma = in_voxels(sigma_space, spacing, image.ndim, lengths_in)
    neighbours = math.prod(2 * math.ceil(_BILATERAL_RADIUS * each) + 1 for each in sigma)
    if neighbours > _MOST_NEIGHBOURS:
        raise ValueError(
            f"has a sigma_space of {' x '.join(f'{each:.3g}' for each in sigma)} voxels, which takes in {neighbours:,} "
            f"neighbours, and at most {_MOST_NEIGHBOURS:,} can be done in reasonable time; choose a smaller one"
        )

    def filtering(complete: Image) -> Image:
        # With voxels of 1 / sigma the domain sigma is 1 along every axis.
        itk = _itk_image(complete, [1 / each for each in sigma])
        return _array(SimpleITK.Bilateral(itk, 1.0, sigma_value, _RANGE_SAMPLES))

    return around_padding(image, valid, filtering)


def bilateral_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    sigma = in_voxels(params["sigma_space"], spacing, axes, params["lengths_in"])
    # As the filter rounds, which is given voxels of 1 / sigma.
    return rows_with_filling([math.ceil(_BILATERAL_RADIUS / (1 / each)) for each in sigma])


def anisotropic(
    image: Image,
    valid: Mask,
    spacing: tuple[float, ...] | None,
    *,
    conductance: Annotated[
        float, P("Above which edge strength smoothing fades; higher smooths edges too.", (0.1, 100), soft=(0.5, 10))
    ] = 3.0,
    iterations: Annotated[int, P("How many small steps of smoothing.", (1, 50), soft=(1, 20))] = 5,
    extent: Extent = "plane",
) -> Image:
    """Let values flow along edges and not across them (curvature anisotropic diffusion).

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape
    spacing : tuple of float or None
        Voxel size in mm; only the ratio of its sides matters, and where it is unknown they count as equal.

    Notes
    -----
    dx/dt = n div(c grad x / n), with n the norm of grad x, c = exp(-n^2 / (2 conductance^2 g)), and g the mean of n^2,
    measured anew in every iteration over the same plane (or volume).  A conductance has no unit.

    Lengths are in sides of the smallest voxel, and the time step is 1 / 2^(n + 1) in n dimensions, the largest that
    is stable: 0.125 in a plane, 0.0625 in a volume.  So the smoothing of an iteration does not depend on the unit of
    the voxel size.

    The nearest valid value stands in for padding, and the nearest voxel for what lies beyond the border.

    References
    ----------
    Perona and Malik (1990), IEEE PAMI 12:629; Whitaker and Xue (2001), Variable-conductance, level-set curvature for
    image denoising, ICIP, p. 142; ``SimpleITK.CurvatureAnisotropicDiffusion``.
    """
    sides = spacing or (1.0,) * image.ndim

    def filtering(complete: Image) -> Image:
        itk = _itk_image(complete, [side / min(sides) for side in sides])
        step = 0.5 ** (image.ndim + 1)
        return _array(
            SimpleITK.CurvatureAnisotropicDiffusion(
                itk, timeStep=step, conductanceParameter=conductance, numberOfIterations=iterations
            )
        )

    return around_padding(image, valid, filtering)


def _itk_image(image: Image, spacing: Sequence[float]) -> SimpleITK.Image:
    itk = SimpleITK.GetImageFromArray(np.ascontiguousarray(image))
    itk.SetSpacing(tuple(spacing)[::-1])
    return itk


def _array(itk: SimpleITK.Image) -> Image:
    values: Image = SimpleITK.GetArrayFromImage(itk)
    return values
