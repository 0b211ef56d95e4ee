"""A background that varies slowly, estimated from one plane and subtracted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d
from skimage.restoration import rolling_ball

from prep_core.ops.image import Image
from prep_core.ops.lengths import LengthsIn, in_voxels
from prep_core.ops.smoothing import rows_of_gaussian, smoothed
from prep_core.param import P

Mask = NDArray[np.bool_]
Float32 = NDArray[np.float32]

MOST_PAIRS = 2**36
"""Pixels of a plane times pixels around the ball: what is done in a minute or so."""

_ROUNDING = 1e-9
"""What lies on the edge of an ellipse is within it, whatever the last digits say."""


def background_subtract(
    image: Image,
    spacing: tuple[float, ...] | None,
    valid: Mask,
    *,
    method: Annotated[
        Literal["gaussian", "rolling_ball", "tophat"],
        P("What the background is: a blurred plane, a ball rolled below it, or what is left without bright objects."),
    ] = "gaussian",
    radius: Annotated[
        float, P("Larger than the largest object that must stay.", (2, 100), "mm or px", soft=(2, 60))
    ] = 50.0,
    lengths_in: LengthsIn = "mm",
    height: Annotated[
        float,
        P(
            "Half axis of the ball along the values: a flatter ball rolls into less.",
            (1e-6, 1e9),
            "image units",
            soft=(0.1, 1000),
            when=("method", "rolling_ball"),
        ),
    ] = 50.0,
) -> Image:
    """Subtract a background that varies slowly across each plane, so that bright objects stand on nothing.

    Parameters
    ----------
    image, valid : (y, x) ndarray
    spacing : (y, x) in mm, or None where unknown

    Raises
    ------
    ValueError
        For a radius below 1 pixel, for one that takes too long on a plane of this size, and for mm where the voxel size
        is not known.

    Notes
    -----
    x - b.  gaussian: b = G(x v) / G(v), a Gaussian with sigma = radius over valid pixels; objects darken their
    surroundings.  rolling_ball [1]_: b(p) = min over q of x(q) + h (1 - sqrt(1 - d^2)), with d the distance from p
    to q in radii and h the height; with h = radius in pixels it is a ball, as in ImageJ.  tophat: b is the
    opening by an ellipse of that radius (pixels with d <= 1), so that x - b is the white top-hat [2]_.  rolling_ball
    and tophat follow the darkest pixels: noise moves them down, so denoise first.  Pixels that are not valid take no
    part and stay as they are, and nothing lies beyond the border.  Results of gaussian may be negative; nothing is
    clipped.

    References
    ----------
    .. [1] Sternberg (1983), Biomedical image processing, Computer 16:22-34.
    .. [2] Meyer (1979), Iterative image transformations for an automatic screening of cervical smears, Journal of
       Histochemistry and Cytochemistry 27:128-135.
    """
    if not valid.any():
        return image
    radii = in_voxels(radius, spacing, 2, lengths_in)
    if min(radii) < 1:
        raise ValueError(f"has a radius of {min(radii):.3g} pixels, and a background is wider; choose a larger radius")
    if method == "gaussian":
        background = smoothed(image, valid, radii)
    elif method == "tophat":
        background = _opened(image, valid, radii)
    else:
        background = _below(image, valid, radii, height)
    return np.subtract(image, background, out=image.copy(), where=valid)


def background_reach(params: Mapping[str, Any], axes: int, spacing: Sequence[float] | None) -> int:
    radii = in_voxels(params["radius"], spacing, axes, params["lengths_in"])
    if params["method"] == "gaussian":
        return rows_of_gaussian(radii)
    ball = int(radii[-2] + _ROUNDING)
    # An opening is two filters, one after the other.
    return 2 * ball if params["method"] == "tophat" else ball


def _below(image: Float32, valid: Mask, radii: Sequence[float], height: float) -> Float32:
    """How high a ball reaches that is rolled below the plane: the place of its top, centred at each pixel."""
    y, x = (_offsets(radius, size) for radius, size in zip(radii, image.shape, strict=True))
    if image.size * len(y) * len(x) > MOST_PAIRS:
        most = ((MOST_PAIRS / image.size) ** 0.5 - 1) / 2
        raise ValueError(
            f"has a ball of {radii[0]:.0f} x {radii[1]:.0f} pixels, too large to roll below a plane of "
            f"{' x '.join(map(str, image.shape))} in a minute; choose a radius of at most {most:.0f} pixels, "
            "method: tophat, or put a downscale above it"
        )
    square = 1 - (y[:, None] / radii[0]) ** 2 - (x / radii[1]) ** 2
    ball = np.where(square >= -_ROUNDING, height * np.sqrt(np.maximum(square, 0)), np.inf)
    walls = np.where(valid, image, np.float32(np.inf))
    background: Float32 = rolling_ball(walls, kernel=ball)
    return background


def _opened(image: Float32, valid: Mask, radii: Sequence[float]) -> Float32:
    """The opening by an ellipse, row by row of the ellipse: time grows with its radius, not with its area."""
    widths = _half_widths(image.shape, radii)
    eroded = _over_ellipse(np.where(valid, image, np.float32(np.inf)), widths, minimum_filter1d, np.minimum, np.inf)
    eroded = np.where(valid, eroded, np.float32(-np.inf))
    return _over_ellipse(eroded, widths, maximum_filter1d, np.maximum, -np.inf)


def _over_ellipse(
    image: Float32, widths: Mapping[int, int], along: Callable[..., Float32], best: np.ufunc, outside: float
) -> Float32:
    """The smallest (or largest) value within the ellipse around each pixel."""
    rows = len(image)
    result = np.full_like(image, outside)
    for width in sorted(set(widths.values())):
        line = along(image, 2 * width + 1, axis=1, mode="constant", cval=outside)
        for dy in (dy for dy, own in widths.items() if own == width):
            here, there = slice(max(-dy, 0), rows - max(dy, 0)), slice(max(dy, 0), rows - max(-dy, 0))
            best(result[here], line[there], out=result[here])
    return result


def _half_widths(shape: Sequence[int], radii: Sequence[float]) -> dict[int, int]:
    """For each row of the ellipse, how far it reaches to either side: columns with (dy / ry)^2 + (dx / rx)^2 <= 1."""
    across = _offsets(radii[1], shape[1])
    rows = {}
    for dy in _offsets(radii[0], shape[0]):
        inside = np.abs(across)[(dy / radii[0]) ** 2 + (across / radii[1]) ** 2 <= 1 + _ROUNDING]
        rows[int(dy)] = int(inside.max())
    return rows


def _offsets(radius: float, size: int) -> NDArray[np.float64]:
    """Whole numbers of pixels, both ways, as far as the radius and the plane reach."""
    reach = min(int(radius + _ROUNDING), size - 1)
    return np.arange(-reach, reach + 1, dtype=np.float64)
