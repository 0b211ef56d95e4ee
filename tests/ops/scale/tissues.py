"""Images with known histograms, for steps that measure them."""

import numpy as np

CT = np.random.default_rng(0).normal(0, 400, (7, 31, 33)).round().astype(np.int16)
DECADES = (10 ** np.random.default_rng(1).uniform(-3, 4, (7, 31, 33))).astype(np.float32)
"""Floats over seven decades, all alike in number."""


def brain(seed: int, gain: float = 1.0) -> np.ndarray:
    """A ball of cerebrospinal fluid, grey and white matter and a few vessels, with 0 around it."""
    rng = np.random.default_rng(seed)
    z, y, x = np.meshgrid(np.linspace(-1, 1, 12), np.linspace(-1, 1, 48), np.linspace(-1, 1, 52), indexing="ij")
    tissue = rng.choice(4, z.shape, p=(0.15, 0.43, 0.4, 0.02))
    mean, std = np.array([250.0, 600.0, 900.0, 1500.0]), np.array([40.0, 55.0, 45.0, 200.0])
    values = np.maximum(rng.normal(mean[tissue], std[tissue]), 1) * gain
    return np.where(z**2 + y**2 + x**2 < 0.9, values, 0).astype(np.float32)


BRAINS = (brain(0), brain(1, gain=1.7), brain(2, gain=0.4))
