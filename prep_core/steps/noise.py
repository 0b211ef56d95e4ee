"""Steps that remove noise."""

from prep_core.steps.step import Step

STEPS: tuple[Step, ...] = ()
