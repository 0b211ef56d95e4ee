"""Simulated cases for a classifier that may cheat: a mark in the corner, or the scale of a hospital."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.scan import Scan

NODULE, WIDTH = 0.4, 2.0
"""What the illness looks like: its height, where the picture goes from 0 to 1, and its sigma in px."""

NOISE = 0.01
MARK = (slice(2, 9), slice(2, 7))
"""Where the mark is."""

CORNER = (slice(0, 13), slice(0, 11))
"""The mark, and as much around it as filters and maps are wide."""

MARK_VALUE = 1.5
"""Brighter than all else, as lead and burnt-in letters are."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cases:
    """Pictures (n, y, x), whether ill (n,), and whether with the mark, or from the second hospital (n,)."""

    pictures: Floats
    ill: Flags
    tagged: Flags


def patients(base: Floats, count: int, tied: float, seed: int) -> Cases:
    """Ill and healthy patients in turn, unmarked; of the ill a share `tied` is tagged, of the healthy 1 - tied."""
    rng = np.random.default_rng(seed)
    ill = np.arange(count) % 2 == 0
    tagged = np.zeros(count, bool)
    for group, share in ((ill, tied), (~ill, 1 - tied)):
        members = np.flatnonzero(group)
        tagged[members[: round(share * members.size)]] = True
    pictures = np.stack([_patient(base, rng, one) for one in ill])
    return Cases(pictures, ill, tagged)


def marked(cases: Cases) -> Cases:
    """The tagged ones with a letter in the corner."""
    pictures = cases.pictures.copy()
    box = pictures[(slice(None), *MARK)]
    box[cases.tagged] = np.where(_letter(), MARK_VALUE, box[cases.tagged])
    return Cases(pictures, cases.ill, cases.tagged)


def from_hospitals(cases: Cases, gain: float) -> Cases:
    """The tagged ones multiplied by `gain`: the scale of the second hospital."""
    factor = np.where(cases.tagged, gain, 1.0)[:, None, None]
    return Cases(cases.pictures * factor, cases.ill, cases.tagged)


def as_scan(picture: Floats) -> Scan:
    return Scan(picture.astype(np.float32), "YX", unit="1")


def _patient(base: Floats, rng: np.random.Generator, ill: np.bool_) -> Floats:
    rows, columns = base.shape
    y, x = np.ogrid[:rows, :columns]
    at = rng.uniform(0.3, 0.7, 2) * base.shape
    nodule = NODULE * np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / (2 * WIDTH**2))
    found: Floats = base + NOISE * rng.standard_normal(base.shape) + (nodule if ill else 0)
    return found


def _letter() -> Flags:
    """An L."""
    rows, columns = (part.stop - part.start for part in MARK)
    letter = np.zeros((rows, columns), bool)
    letter[:, :2] = True
    letter[-2:] = True
    return letter
