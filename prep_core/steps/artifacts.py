"""Steps that find what is no tissue."""

from prep_core.steps.step import Step

STEPS: tuple[Step, ...] = ()
