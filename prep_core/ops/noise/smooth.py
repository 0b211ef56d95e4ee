"""Steps that smooth noise away, and the small things with it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from prep_core.ops.extent import Extent
from prep_core.ops.filling import Mask
from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn, in_voxels
from prep_core.ops.local_median import local_median
from prep_core.ops.smoothing import rows_of_gaussian, smoothed
from prep_core.param import P

_LARGEST_CUBE = 7


def gaussian(
    image: Image,
    valid: Mask,
    spacing: tuple[float, ...] | None,
    *,
    sigma: Annotated[
        float,
        P(
            "Standard deviation of the blur; what is smaller than about 2.4 times this, such as a small lesion, "
            "fades into its surroundings.",
            (0, 100),
            "mm or px",
            soft=(0, 5),
        ),
    ] = 1.0,
    lengths_in: LengthsIn = "mm",
    extent: Extent = "volume",
) -> Image:
    """Blur with a Gaussian: less noise, and with it less of small lesions, thin vessels and sharp edges.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape
    spacing : tuple of float or None
        Voxel size in mm.

    Raises
    ------
    ValueError
        For a sigma in mm where the voxel size is unknown, or of more than 100 voxels.

    Notes
    -----
    The convolution with exp(-r^2 / (2 sigma^2)), cut off at 4 sigma and normalised; a point becomes a spot with a
    full width at half maximum of 2.355 sigma.  sigma is the same length along every axis, so thick slices are mixed
    less than thin ones; that is why the whole volume is the default.

    Padding takes no part: the weights of the valid voxels are normalised (Knutsson and Westin 1993).  Beyond the
    border the image is mirrored.

    References
    ----------
    ``scipy.ndimage.gaussian_filter`` with mode="reflect" and sigma in voxels.
    """
    return smoothed(image, valid, in_voxels(sigma, spacing, image.ndim, lengths_in))


def median(
    image: Image,
    valid: Mask,
    *,
    size: Annotated[
        int,
        P("Side of the square or cube of voxels, an odd number; in a volume at most 7.", (1, 15), "px", soft=(1, 9)),
    ] = 3,
    extent: Extent = "plane",
) -> Image:
    """Replace each voxel by the median of its neighbourhood: salt and pepper go, edges stay, thin lines go too.

    Parameters
    ----------
    image : (y, x) or (z, y, x) float32 ndarray
    valid : bool ndarray of the same shape

    Raises
    ------
    ValueError
        For an even size, or a size above 7 in a volume.

    Notes
    -----
    The median of size x size voxels (x size in a volume), the voxel itself among them.  size counts voxels, and in
    many volumes the next slice is farther away than the next pixel; that is why each plane by itself is the default.

    Padding is not counted: next to it the median is of the valid voxels alone.  Beyond the border the image is
    mirrored.

    References
    ----------
    Tukey (1977), Exploratory Data Analysis; ``scipy.ndimage.median_filter`` with mode="mirror".
    """
    return local_median(image, valid, size)


def gaussian_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    return rows_of_gaussian(in_voxels(params["sigma"], spacing, axes, params["lengths_in"]))


def median_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    half: int = params["size"] // 2
    return half


def median_rule(params: Mapping[str, Any]) -> str | None:
    size = params["size"]
    if size % 2 == 0:
        return f"size must be odd, got {size}; take {size - 1} or {size + 1}"
    if params["extent"] == "volume" and size > _LARGEST_CUBE:
        return f"size must be at most {_LARGEST_CUBE} with extent volume, got {size}; take less, or extent: plane"
    return None
