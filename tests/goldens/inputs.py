"""The input of the goldens: plain arithmetic, so that no generator's version can move it."""

import numpy as np

from prep_core.line import Line
from prep_core.scan import Scan, voxel_affine
from prep_core.steps import STEPS, Step
from tests.suited import SUITED, result_of, suited_scan


def scan() -> Scan:
    """Values between 0 and 1 with some structure, and a border of padding."""
    z, y, x = np.meshgrid(np.arange(3), np.arange(24), np.arange(20), indexing="ij")
    data = ((z * 31 + y * 17 + x * 7 + (y * x) % 13) % 101 / 100).astype(np.float32)
    return Scan(data, "ZYX", voxel_affine((3.0, 1.0, 1.5)), True, valid=y > 1, mask=x > 5)


def results() -> dict[str, np.ndarray]:
    """What every step makes of it with its defaults: pixels, or the mask where that is all the step gives."""
    return {name: _result(step) for name, step in STEPS.items()}


def _result(step: Step) -> np.ndarray:
    result = result_of(Line(step.name), suited_scan(step.name) if step.name in SUITED else scan())
    return result.mask if step.gives == "mask" else result.data
