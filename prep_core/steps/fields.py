"""Steps that even out bias, shading and illumination."""

from prep_core.steps.step import Step

STEPS: tuple[Step, ...] = ()
