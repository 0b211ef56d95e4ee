"""A simulated phase contrast image: rods with halos on an uneven background, where the rods are known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan, Source

Floats = NDArray[np.float64]

SIDE = 192
LAMP = 10_000.0
"""Counts of the background in the middle."""

NOISE = 150.0
"""Standard deviation in counts."""

_DARK, _BRIGHT, _HALO = 0.45, 0.12, 7.0
"""How much darker a rod is than the background, how much brighter its halo, and over how many pixels that fades."""

_ROD, _HALF_LENGTH = 5.0, 11.0
"""Radius, and half of the length between the ends' centres, in pixels."""

_COLONY = ((126.0, 68.0, 24.0), 12)
"""Centre (x, y) and spread of the colony in pixels, and how many rods are in it."""


@dataclass(frozen=True, eq=False)
class PhaseField:
    """A simulated image, and where its cells are: (y, x) bool ndarray."""

    scan: Scan
    cells: NDArray[np.bool_]


def phase_field(seed: int = 0) -> PhaseField:
    """Simulate one colony of rods on an empty field that is brighter on one side.

    Notes
    -----
    A pixel at the distance d from the axis of a rod of radius r has the share 1 - 0.45 of the light inside and
    1 + 0.12 exp(-(d - r) / 7) outside, its bright halo; the edge is a logistic curve one pixel wide.  The lamp falls
    off by a plane and a square, and the noise is Gaussian.  The same seed gives the same bytes.
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    away = np.min([_distance(y, x, *rod) for rod in _rods(rng)], axis=0) - _ROD
    inside = 1 / (1 + np.exp(np.clip(2 * away, -50, 50)))
    shares = 1 - _DARK * inside + _BRIGHT * np.exp(-np.maximum(away, 0) / _HALO) * (1 - inside)
    across, down = x / (SIDE - 1) - 0.5, y / (SIDE - 1) - 0.5
    light = LAMP * (1 + 0.25 * across - 0.4 * (across**2 + down**2))
    counts = light * shares + rng.normal(0, NOISE, (SIDE, SIDE))
    scan = Scan(
        np.rint(counts).astype(np.uint16),
        "YX",
        unit="a.u.",
        modality="MIC",
        name="phase_simulated",
        source=Source(format="simulated", reader="phase_field", facts={"seed": seed}),
    )
    return PhaseField(scan, away < 0)


def _rods(rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Centres (y, x) and angles of rods."""
    (x, y, spread), count = _COLONY
    radii, turns = spread * np.sqrt(rng.uniform(0, 4, count)), rng.uniform(0, 2 * np.pi, count)
    places = zip(y + radii * np.sin(turns), x + radii * np.cos(turns), rng.uniform(0, np.pi, count), strict=True)
    return [(float(a), float(b), float(c)) for a, b, c in places]


def _distance(y: Floats, x: Floats, at_y: float, at_x: float, angle: float) -> Floats:
    """From the axis of a rod, in pixels."""
    along = np.clip((x - at_x) * np.cos(angle) + (y - at_y) * np.sin(angle), -_HALF_LENGTH, _HALF_LENGTH)
    away: Floats = np.hypot(x - at_x - along * np.cos(angle), y - at_y - along * np.sin(angle))
    return away
