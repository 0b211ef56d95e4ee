"""Steps that find what is no tissue."""

from prep_core.ops.artifacts import metal
from prep_core.steps.step import Step

STEPS = (Step("metal", "artifacts", metal.metal, domain="volume", gives="both", tally=metal.metal_tally),)
