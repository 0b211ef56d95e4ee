"""The input of the goldens: plain arithmetic, so that no generator's version can move it."""

import numpy as np

from prep_core.recipe import Line, Recipe
from prep_core.run import apply
from prep_core.scan import Scan, voxel_affine
from prep_core.steps import STEPS


def scan() -> Scan:
    """Values between 0 and 1 with some structure, and a border of padding."""
    z, y, x = np.meshgrid(np.arange(3), np.arange(24), np.arange(20), indexing="ij")
    data = ((z * 31 + y * 17 + x * 7 + (y * x) % 13) % 101 / 100).astype(np.float32)
    return Scan(data, "ZYX", voxel_affine((3.0, 1.0, 1.5)), True, valid=y > 1)


def results() -> dict[str, np.ndarray]:
    """What every step makes of it with its defaults."""
    return {name: apply(Recipe((Line(name),)), scan()).data for name in STEPS}
