"""Simulated chests for tests of masks, and how well a mask fits."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.chest import Phantom, simulate_chest_ct, simulate_chest_xray
from prep_core.scan import Scan

Mask = NDArray[np.bool_]

MOVED = ((0.0, 0.0, 0.0), (60.0, 15.0, 12.0), (-60.0, -10.0, -12.0))
"""Places of a chest in its scan, z, y, x in mm; in the last two the scan ends within the lungs."""

GRAINS = (0.0, 20.0, 100.0)
"""HU of noise: none, usual, and of a scan at a low dose."""

PHOTONS = (1e3, 1e6)
"""A radiograph that is nearly too noisy to read, and a good one."""


@cache
def ct(noise: float = 20.0, shift: tuple[float, float, float] = MOVED[0], metal: float = 0.0) -> Phantom:
    return simulate_chest_ct(spacing=(10.0, 3.0, 3.0), size=(30, 120, 134), noise=noise, shift=shift, metal=metal)


@cache
def xray(photons: float = 1e6, shift: tuple[float, float] = (0.0, 0.0), monochrome1: bool = False) -> Phantom:
    return simulate_chest_xray(
        spacing=(2.0, 2.0), size=(144, 188), photons=photons, shift=shift, monochrome1=monochrome1
    )


def mask_of(step: str, scan: Scan, **params: object) -> Mask:
    """The mask that one line makes."""
    mask = apply(Recipe((Line(step, params),)), scan).mask
    assert mask is not None
    return mask


def dice(first: Mask, second: Mask) -> float:
    """2 |A and B| / (|A| + |B|)."""
    return 2 * np.count_nonzero(first & second) / (np.count_nonzero(first) + np.count_nonzero(second))
