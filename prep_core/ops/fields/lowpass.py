"""The field as a smoothed copy of the image."""

from typing import Annotated

import numpy as np
from scipy.ndimage import gaussian_filter1d

from prep_core.ops.extent import Extent
from prep_core.ops.fields.evening import Mask, Method, above_zero, evened
from prep_core.ops.filling import filled
from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn, in_voxels
from prep_core.param import P


def lowpass_field(
    image: Image,
    inside: Mask,
    spacing: tuple[float, ...] | None,
    *,
    method: Method = "gaussian",
    sigma: Annotated[float, P("Standard deviation of the Gaussian.", (0.1, 1000), "mm", soft=(5, 100))] = 30.0,
    lengths_in: LengthsIn = "mm",
    divide: Annotated[
        bool, P("Divide by the field, as coils and lamps multiply; off subtracts it, for light that was added.")
    ] = True,
    extent: Extent = "volume",
) -> Image:
    """Even out slow shading by dividing by a strongly smoothed copy; fast, but large structures lose contrast too.

    Parameters
    ----------
    image : (z, y, x) or (y, x) float32 ndarray
    inside : bool ndarray of the same shape
        The voxels that are smoothed.
    spacing : tuple of float or None
        Voxel size in mm, in the order of the axes.

    Returns
    -------
    ndarray of the same shape, float32
        In the unit of the image; the mean inside stays.

    Raises
    ------
    ValueError
        For nothing inside (homomorphic: nothing above 0), a field to divide by that is not above 0 everywhere, or
        a sigma in mm where the voxel size is not known.

    Notes
    -----
    With the Gaussian G, truncated at 4 sigma, and w = 1 inside and 0 elsewhere, the field is the normalised
    convolution [1]_ ``f = (G * (w x)) / (G * w)``, so that nothing outside enters; homomorphic is
    ``f = exp((G * (w log x)) / (G * w))`` [2]_ over the voxels above 0.  Where no voxel inside is within 4 sigma
    along the axes, f is that of the nearest voxel where one is.  The result is ``c x / f``, or ``x - f + c`` without
    `divide`, with c so that the mean inside stays.

    References
    ----------
    .. [1] H. Knutsson, C.-F. Westin, "Normalized and differential convolution", CVPR 1993, p. 515.
    .. [2] B. H. Brinkmann, A. Manduca, R. A. Robb, "Optimized homomorphic unsharp masking for MR grayscale
       inhomogeneity correction", IEEE Transactions on Medical Imaging 17:161, 1998.
    """
    logarithm = method == "homomorphic"
    used = above_zero(image, inside) if logarithm else inside & np.isfinite(image)
    if not used.any():
        raise ValueError("has no voxel inside to smooth; put a mask step above it, or say another inside")
    values = np.where(used, image, np.float32(1))
    sigmas = in_voxels(sigma, spacing, image.ndim, lengths_in)
    smooth = smoothed_inside(np.log(values) if logarithm else values, used, sigmas)
    field = np.exp(smooth) if logarithm else smooth
    if not divide:
        shift = float(field[used].mean(dtype=np.float64))
        return np.asarray(image - field + np.float32(shift))
    if not field.min() > 0:
        raise ValueError(
            f"needs a field above 0 to divide by, and the smoothed copy goes down to {field.min():g}; say inside "
            "foreground or positive, a larger sigma, or divide: false"
        )
    return evened(image, field, used)


def smoothed_inside(values: Image, used: Mask, sigmas: tuple[float, ...]) -> Image:
    """The Gaussian mean of the `used` voxels around each voxel; beyond their reach that of the nearest within it."""
    total = _gaussian(np.where(used, values, np.float32(0)), sigmas)
    weight = _gaussian(used.astype(np.float32), sigmas)
    reached = weight > 0
    mean: Image = total / np.where(reached, weight, np.float32(1))
    return filled(mean, reached)


def _gaussian(values: Image, sigmas: tuple[float, ...]) -> Image:
    """Convolved with a Gaussian along each axis, zeros outside, but for a factor that is the same everywhere."""
    for axis, (sigma, n) in enumerate(zip(sigmas, values.shape, strict=True)):
        # No two voxels are farther apart than n - 1: a longer kernel would take time and change the factor alone.
        radius = min(int(4 * sigma + 0.5), n - 1)
        if radius:
            values = gaussian_filter1d(values, sigma, axis, mode="constant", radius=radius)
    return values
