"""Steps that choose voxels, and the one that fills the others."""

from prep_core.steps.step import Step

STEPS: tuple[Step, ...] = ()
