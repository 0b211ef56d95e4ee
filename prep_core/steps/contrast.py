"""Steps that raise contrast."""

from prep_core.ops import contrast
from prep_core.ops.scale import has_range
from prep_core.steps.step import Step

STEPS = (
    Step(
        "clahe",
        "contrast",
        contrast.clahe,
        domain="plane",
        measure=contrast.clahe_range,
        unit="1",
        rule=contrast.clahe_line_rule,
        check=has_range,
    ),
)
