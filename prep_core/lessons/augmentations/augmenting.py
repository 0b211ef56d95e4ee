"""Five augmentations of one plane, as training libraries do them, and what a deformation does to the grid."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from prep_core.scan import Scan

ROTATION = 10.0
"""Degrees."""

Floats = NDArray[np.float64]
Field = NDArray[np.float64]
"""(2, y, x): for each pixel the place (y, x), in px, that its value is fetched from."""


@dataclass(frozen=True)
class Strength:
    """How strongly is augmented.

    Attributes
    ----------
    alpha, sigma : of the elastic deformation, in px, as Simard defines them
    shift : what brightness adds; noise has half of it as its standard deviation; in the unit of the values
    """

    alpha: float
    sigma: float
    shift: float


def rotated(scan: Scan, strength: Strength) -> Scan:
    """Turned by 10 degrees; the corners that come in are 0, as libraries fill them."""
    return fetched(scan, rotation_field(_plane(scan.data).shape))


def flipped(scan: Scan, strength: Strength) -> Scan:
    """Left and right swapped."""
    return replace(scan, data=_real(scan)[..., ::-1], valid=scan.valid[..., ::-1], mask=None)


def elastic(scan: Scan, strength: Strength) -> Scan:
    """Deformed like rubber (Simard, Steinkraus and Platt 2003)."""
    return fetched(scan, elastic_field(_plane(scan.data).shape, strength.alpha, strength.sigma))


def brightened(scan: Scan, strength: Strength) -> Scan:
    """The same number added to every pixel."""
    return replace(scan, data=_real(scan) + np.float32(strength.shift))


def noisy(scan: Scan, strength: Strength) -> Scan:
    """Gaussian noise added to every pixel."""
    noise = np.random.default_rng(0).standard_normal(scan.data.shape, np.float32)
    return replace(scan, data=_real(scan) + np.float32(strength.shift / 2) * noise)


AUGMENTATIONS: Mapping[str, Callable[[Scan, Strength], Scan]] = MappingProxyType(
    {"rotation": rotated, "flip": flipped, "elastic": elastic, "brightness": brightened, "noise": noisy}
)


def rotation_field(shape: tuple[int, ...]) -> Field:
    """Where each pixel of a picture that is turned about its middle comes from."""
    places = np.indices(shape, dtype=np.float64)
    middle = (np.array(shape) - 1).reshape(2, 1, 1) / 2
    y, x = places - middle
    cos, sin = math.cos(math.radians(ROTATION)), math.sin(math.radians(ROTATION))
    return np.stack([cos * y + sin * x, cos * x - sin * y]) + middle


def elastic_field(shape: tuple[int, ...], alpha: float, sigma: float) -> Field:
    """Each pixel moved by alpha x (noise from -1 to 1, smoothed with a Gaussian of sigma px)."""
    noise = np.random.default_rng(1).uniform(-1, 1, (2, *shape))
    smooth = ndimage.gaussian_filter(noise, (0, sigma, sigma), mode="constant")
    places: Field = np.indices(shape) + alpha * smooth
    return places


def displacement(field: Field) -> Floats:
    """(y, x) how far each pixel is moved, in px."""
    length: Floats = np.hypot(*(field - np.indices(field.shape[1:])))
    return length


def folded(field: Field) -> NDArray[np.bool_]:
    """(y, x) where the deformation turns tissue inside out: the determinant of its derivative is not above 0."""
    (yy, yx), (xy, xx) = (np.gradient(part) for part in field)
    over: NDArray[np.bool_] = yy * xx - yx * xy <= 0
    return over


def fetched(scan: Scan, field: Field) -> Scan:
    """`scan` with every pixel fetched from its place in `field`, linearly; 0 from beyond, and that counts as valid."""
    data = ndimage.map_coordinates(_plane(_real(scan)), field, order=1, mode="constant", cval=0.0)
    weight = ndimage.map_coordinates(_plane(scan.valid).astype(np.float32), field, order=1, mode="constant", cval=1.0)
    shape = scan.data.shape
    return replace(scan, data=data.reshape(shape), valid=(weight > 0.999).reshape(shape), mask=None)


def _real(scan: Scan) -> NDArray[np.float32]:
    """The values, with 0 where they are padding, so that no neighbour takes from there."""
    return np.where(scan.valid, scan.data, 0).astype(np.float32)


def _plane(array: NDArray[Any]) -> NDArray[Any]:
    return array.reshape(array.shape[-2:])
