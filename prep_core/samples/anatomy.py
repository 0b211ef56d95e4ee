"""A chest as functions of the place: what is where, and how dense it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float, float]
Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]
Grid = tuple[Floats, Floats, Floats]

_HILUM = 28.0
"""Where the vessels and bronchi enter a lung: mm from the middle."""

_CARINA = 55.0
"""Where the trachea forks: mm above the middle."""


@dataclass(frozen=True)
class Anatomy:
    """The density at each place in HU, and the places of each structure."""

    hu: NDArray[np.float32]
    masks: Mapping[str, Bools]


def chest(z: Floats, y: Floats, x: Floats, metal: float = 0.0, table: bool = True) -> Anatomy:
    """A chest in HU at the places z (up), y (to the back) and x (to the patient's left), in mm from its middle.

    Parameters
    ----------
    z, y, x : ndarray
        Broadcast against each other.
    metal : float
        HU of two rods beside the spine; 0 for none.
    """
    at: Grid = (z, y, x)
    wide = _ellipse(at, 175, 115)
    body = (wide <= 1) & (np.abs(z) <= 150)
    inner = (_ellipse(at, 140, 88) <= 1) & body
    heart = _ball(at, (-40, -25, 22), (58, 55, 50))
    abdomen = (_ball(at, (-150, 0, -72), (95, 100, 75)) | _ball(at, (-150, 0, 72), (82, 100, 75))) & inner
    abdomen |= body & (z < -135)
    spine = (np.hypot(y - 68, x) <= 20) & body
    airway, wall = _airways(at, 0.0), _airways(at, 2.5)
    lungs = (_ball(at, (-30, 0, -76), (165, 82, 58)) | _ball(at, (-30, 0, 76), (165, 82, 58))) & inner
    lungs &= ~(heart | abdomen | wall | (np.hypot(y - 68, x) <= 26))
    gas = _ball(at, (-110, -30, 75), (14, 22, 24))
    rods = (np.hypot(y - 62, np.abs(x) - 14) <= 4.5) & (np.abs(z) <= 45) & (metal > 0)
    plate = _table(at) & ~body & table
    hu = np.full(body.shape, -1000, np.float32)
    for mask, value in (
        (body, -100),
        (body & (_ellipse(at, 158, 100) <= 1), 50),
        (lungs, -850),
        (lungs & _vessels(at), 40),
        (heart & body, 45),
        (wall & body, 20),
        (airway & body, -1000),
        (abdomen, 60),
        (gas, -990),
        (_bones(at) & body & ~lungs, 500),
        (spine, 300),
        (rods, metal),
        (plate, 100),
    ):
        hu[np.broadcast_to(mask, hu.shape)] = value
    named = {
        "body": body,
        "lungs": lungs,
        "airway": airway & body,
        "gas": gas,
        "heart": heart & body,
        "abdomen": abdomen,
        "spine": spine,
        "metal": rods,
        "table": plate,
    }
    return Anatomy(hu, MappingProxyType({name: np.broadcast_to(mask, hu.shape) for name, mask in named.items()}))


def _ellipse(at: Grid, half_width: float, half_depth: float) -> Floats:
    """Below 1 inside an upright cylinder with a rounded rectangle for its outline."""
    z, y, x = at
    outline: Floats = np.abs(y / half_depth) ** 2.5 + np.abs(x / half_width) ** 2.5 + 0 * z
    return outline


def _ball(at: Grid, centre: Place, half: Place) -> Bools:
    (z, y, x), (z0, y0, x0), (dz, dy, dx) = at, centre, half
    inside: Bools = ((z - z0) / dz) ** 2 + ((y - y0) / dy) ** 2 + ((x - x0) / dx) ** 2 <= 1
    return inside


def _tube(at: Grid, start: Place, end: Place, radius: float) -> Bools:
    """All places at most `radius` from the line between two places."""
    z, y, x = (p - s for p, s in zip(at, start, strict=True))
    dz, dy, dx = np.subtract(end, start)
    share = np.clip((z * dz + y * dy + x * dx) / (dz**2 + dy**2 + dx**2), 0, 1)
    inside: Bools = (z - share * dz) ** 2 + (y - share * dy) ** 2 + (x - share * dx) ** 2 <= radius**2
    return inside


def _airways(at: Grid, wall: float) -> Bools:
    """Trachea and main bronchi, with a wall of so many mm."""
    fork = (_CARINA, 10.0, 0.0)
    tubes = _tube(at, (200, 10, 0), fork, 9 + wall)
    for side in (-1, 1):
        tubes |= _tube(at, fork, (25, 10, side * _HILUM), 6 + wall)
    return tubes


def _vessels(at: Grid) -> Bools:
    """Vessels that leave each hilum in a fan, and get thinner."""
    found = np.zeros(np.broadcast_shapes(*(p.shape for p in at)), bool)
    for side, up, back in _directions():
        start: Place = (10.0, 0.0, side * _HILUM)
        middle: Place = (10 + 40 * up, 30 * back, side * 65.0)
        found |= _tube(at, start, middle, 4.0)
        for spread in (-0.3, 0.3):
            end = (10 + 85 * (up + spread), 60 * (back + spread), side * 105.0)
            found |= _tube(at, middle, end, 2.0)
    return found


def _directions() -> Iterator[tuple[int, float, float]]:
    yield from ((side, up, back) for side in (-1, 1) for up in (-0.9, 0.0, 0.9) for back in (-0.7, 0.7))


def _bones(at: Grid) -> Bools:
    """Ribs that fall towards the front, the breastbone, and the collarbones."""
    z, y, x = at
    shell = np.abs(np.sqrt((y / 94) ** 2 + (x / 147) ** 2) - 1) <= 0.04
    ribs = shell & (np.abs((z - 0.35 * y) % 26 - 13) <= 4) & (np.abs(x) > 25)
    breastbone = (np.abs(y + 94) <= 6) & (np.abs(x) <= 18) & (z > -60)
    bones: Bools = ribs | breastbone
    for side in (-1, 1):
        bones |= _tube(at, (118, -90, side * 20), (132, -60, side * 140), 6)
    return bones


def _table(at: Grid) -> Bools:
    """A thin curved plate that touches the back."""
    z, y, x = at
    plate: Bools = (np.abs(y - 116 + x**2 / 2500) <= 1.5) & (np.abs(x) <= 190) & np.isfinite(z)
    return plate
