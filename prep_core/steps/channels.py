"""Steps that choose and combine channels."""

from prep_core.steps.step import Step

STEPS: tuple[Step, ...] = ()
