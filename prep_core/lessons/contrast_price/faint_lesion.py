"""A faint round lesion in a slice: where it is put, and what is left of it after a step."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_gradient_magnitude, uniform_filter
from skimage.filters import sobel

from prep_core.inspection import valid_values
from prep_core.lessons.small_plane import small_plane
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

SHAPE = (144, 176)
MOST, SMALLEST = 224, 64
"""Pixels on a side of an own scan: of more, a few are averaged into one."""

NOISE = 6.0
AROUND = 7
"""Pixels of flat surroundings that the noise is measured in, on each side of the lesion."""

STRONGEST = 98.0
"""Percentile of the gradient from which on a pixel counts as a border."""

NO_PLACE = (
    "has no place for a lesion: nowhere in its middle plane are the lesion and 7 pixels around it free of padding, "
    "brighter than the mean and not constant; take a scan with a larger bright region"
)

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Planted:
    """The same plane without and with a lesion.

    Attributes
    ----------
    without, lesion : Scan
        (y, x) float32; equal but for the lesion.
    core, ring, borders : (y, x) bool ndarray
        Inside the lesion, its flat surroundings, and the strongest borders anywhere.
    contrast, noise : how much darker the core is, and the standard deviation in the ring, in image units
    centre : (y, x) of the lesion
    """

    without: Scan
    lesion: Scan
    core: Mask
    ring: Mask
    borders: Mask
    contrast: float
    noise: float
    centre: tuple[int, int]


def simulated_slice() -> Scan:
    """A body with one bright organ, vessels in it, a bone, and noise of standard deviation 6."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]

    def ellipse(cy: float, cx: float, a: float, b: float) -> Mask:
        inside: Mask = ((y - cy) / a) ** 2 + ((x - cx) / b) ** 2 <= 1
        return inside

    clean = np.full(SHAPE, 10.0)
    clean[ellipse(72, 88, 66, 82)] = 60
    clean[ellipse(72, 70, 46, 50)] = 100
    for cy, cx, radius in ((40, 50, 3), (95, 95, 4), (60, 105, 2), (100, 45, 2.5)):
        clean[ellipse(cy, cx, radius, radius)] = 160
    clean[ellipse(115, 125, 12, 14)] = 170
    noise = np.random.default_rng(8).normal(0, NOISE, SHAPE)
    return Scan((gaussian_filter(clean, 0.7) + noise).astype(np.float32), "YX", name="a simulated slice")


def unit_plane(scan: Scan | None, scale: Line) -> Scan:
    """The simulated slice, or the middle plane of `scan`, brought to the range 0 to 1 by `scale`.

    Raises
    ------
    ValueError
        For a plane of less than 64 pixels on a side, or one that `scale` has no answer for.
    """
    plane = simulated_slice() if scan is None else small_plane(scan, MOST)
    if min(plane.size("Y"), plane.size("X")) < SMALLEST:
        raise ValueError(
            f"{plane.name} has {plane.size('Y')} x {plane.size('X')} pixels, and this lesson needs {SMALLEST} x "
            f"{SMALLEST} for a lesion and its surroundings; take a larger scan"
        )
    return apply(Recipe((scale,)), plane)


def planted(plane: Scan, diameter: float, contrast: float) -> Planted:
    """`plane` with a dark disc of `diameter` pixels, `contrast` times the noise, in its flattest bright part.

    Parameters
    ----------
    plane : Scan
        With one plane of values from 0; the disc does not go below it.

    Raises
    ------
    ValueError
        For a plane that has no such part.
    """
    pixels = plane.data.reshape(plane.data.shape[-2:]).astype(np.float32)
    valid = plane.valid.reshape(pixels.shape)
    centre = _flattest(plane, np.where(valid, pixels, 0).astype(np.float64), valid, int(diameter / 2) + AROUND)
    y, x = np.indices(pixels.shape)
    distance = np.hypot(y - centre[0], x - centre[1])
    ring = (distance > diameter / 2 + 1) & (distance <= diameter / 2 + AROUND)
    noise = float(pixels[ring].astype(np.float64).std())
    if noise == 0:
        raise ValueError(f"{plane.name} {NO_PLACE}")
    # One pixel of slope, as a round edge has on a grid.
    disc = np.clip(diameter / 2 + 0.5 - distance, 0, 1)
    without = replace(plane, data=pixels, valid=valid, axes="YX", mask=None, channels=())
    darker = np.minimum(contrast * noise * disc, pixels.clip(0))
    lesion = replace(without, data=(pixels - darker).astype(np.float32))
    core = distance <= max(diameter / 2 - 1, 0.5)
    depth = float(darker[core].mean())
    return Planted(without, lesion, core, ring, _borders(pixels, valid), depth, noise, centre)


def around(place: Planted, half: int) -> Planted:
    """What lies at most `half` pixels from the lesion along each axis."""
    y, x = (max(0, at - half) for at in place.centre)
    cut = (slice(y, place.centre[0] + half + 1), slice(x, place.centre[1] + half + 1))
    without, lesion = (
        replace(scan, data=scan.data[cut], valid=scan.valid[cut]) for scan in (place.without, place.lesion)
    )
    return replace(
        place,
        without=without,
        lesion=lesion,
        core=place.core[cut],
        ring=place.ring[cut],
        borders=_borders(without.data, without.valid),
        centre=(place.centre[0] - y, place.centre[1] - x),
    )


def lesion_left(place: Planted, without: Scan, lesion: Scan) -> float:
    """The share of the lesion's contrast that is left: mean of what it changes inside, after over before."""
    change = lesion.data.astype(np.float64) - without.data
    return float(-change[place.core].mean() / place.contrast)


def noise_left(place: Planted, without: Scan) -> float:
    """The standard deviation around the lesion, after over before."""
    return float(without.data[place.ring].astype(np.float64).std() / place.noise)


def borders_left(place: Planted, without: Scan) -> float:
    """The mean gradient at the strongest borders, after over before."""
    after, before = (sobel(scan.data.astype(np.float64))[place.borders] for scan in (without, place.without))
    return float(after.mean() / before.mean())


def _flattest(plane: Scan, pixels: Floats, valid: Mask, reach: int) -> tuple[int, int]:
    """The centre of the square that varies least, among those that are brighter than the mean and not constant."""
    seen = valid_values(plane)
    mean = float(seen.mean(dtype=np.float64))
    side, spread = 2 * reach + 1, float(seen.std(dtype=np.float64))
    # Differences from the mean, as the variance is the difference of two large numbers.
    local = uniform_filter(pixels - mean, side, mode="nearest")
    variance = uniform_filter(np.square(pixels - mean), side, mode="nearest") - local**2
    whole = uniform_filter(valid.astype(np.float64), side, mode="constant") > 1 - 0.5 / side**2
    usable = whole & (local > 0) & (variance > (1e-3 * spread) ** 2)
    if not usable.any():
        raise ValueError(f"{plane.name} {NO_PLACE}")
    at = np.unravel_index(int(np.argmin(np.where(usable, variance, np.inf))), pixels.shape)
    return int(at[0]), int(at[1])


def _borders(pixels: NDArray[np.float32], valid: Mask) -> Mask:
    # A little smooth, so that noise alone makes no border.
    gradient = gaussian_gradient_magnitude(pixels.astype(np.float64), 1.0)
    inside = valid & (uniform_filter(valid.astype(np.float64), 3, mode="nearest") > 0.99)
    strongest: Mask = inside & (gradient >= np.percentile(gradient[inside], STRONGEST))
    return strongest
