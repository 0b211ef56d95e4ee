"""Simulated heads without a field: of one scanner, of another with a lesion, and in another contrast."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from prep_core.samples.brain import AIR, BONE, FLUID, GREY, SCALP, WHITE, BrainPhantom, brain_phantom
from prep_core.scan import Scan

Floats = NDArray[np.float64]

SHAPE, SPACING = (32, 40, 32), 5.0
"""Voxels, and mm: as much of a head as is corrected at once."""

GAIN = 3.2
"""What the other scanner multiplies with."""

TRAINING_GAINS = (0.8, 1.0, 1.3, 1.1)
"""Of the scans of which a standard scale is made."""

LESION, LESION_AT = 900.0, (10.0, 20.0, 20.0)
"""What an enhancing lesion shines with in T1, and its centre (z, y, x) in mm from the middle of the head."""

NOISE = 5.0

T2: Mapping[float, float] = MappingProxyType(
    {AIR: 0.0, BONE: 40.0, FLUID: 600.0, SCALP: 250.0, GREY: 320.0, WHITE: 220.0}
)
"""What each tissue of a T1-weighted picture shines with in a T2-weighted one, roughly."""


@dataclass(frozen=True, eq=False)
class Head:
    """A scan without a field, and where white and grey matter are in it."""

    scan: Scan
    white: NDArray[np.bool_]
    grey: NDArray[np.bool_]


@cache
def small_brain(strength: float) -> BrainPhantom:
    """The head in small, under a field of this strength."""
    return brain_phantom(shape=SHAPE, spacing=SPACING, noise=NOISE, strength=strength)


def training_heads() -> tuple[Scan, ...]:
    """Healthy heads at several gains."""
    truth = small_brain(0.0).truth.astype(np.float64)
    return tuple(_head(truth, gain, seed).scan for seed, gain in enumerate(TRAINING_GAINS, start=10))


def healthy() -> Head:
    """The head as the first scanner sees it."""
    return _head(small_brain(0.0).truth.astype(np.float64), 1.0, 1)


def other_scanner(radius: float) -> Head:
    """The head at another gain, with a bright lesion of so many mm in its white matter; 0 for none."""
    at = np.meshgrid(*((np.arange(n) - (n - 1) / 2) * SPACING for n in SHAPE), indexing="ij")
    away = np.sqrt(sum(((a - c) ** 2 for a, c in zip(at, LESION_AT, strict=True)), np.zeros(SHAPE)))
    lesion = away < radius
    return _head(np.where(lesion, LESION, small_brain(0.0).truth), GAIN, 2, lesion)


def t2_weighted() -> Head:
    """The head in another contrast: fluid bright, white matter darker than grey."""
    known = small_brain(0.0).truth.astype(np.float64)
    return _head(np.select([known == t1 for t1 in T2], list(T2.values())), 1.0, 3)


def _head(truth: Floats, gain: float, seed: int, lesion: NDArray[np.bool_] | None = None) -> Head:
    brain = small_brain(0.0)
    real, imaginary = np.random.default_rng(seed).normal(0, NOISE, (2, *SHAPE))
    values = (gain * np.hypot(truth + real, imaginary)).astype(np.float32)
    healthy_part = np.ones(SHAPE, bool) if lesion is None else ~lesion
    scan = replace(brain.scan, data=values, name=f"head_{seed}")
    return Head(scan, brain.white & healthy_part, brain.grey & healthy_part)
