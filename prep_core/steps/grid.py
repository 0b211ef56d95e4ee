"""Steps that change the grid of voxels."""

from prep_core.ops import grid
from prep_core.steps.step import Step

STEPS = (Step("resample", "grid", grid.resample, domain="grid"),)
