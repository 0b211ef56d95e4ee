"""Steps that raise contrast."""

from prep_core.ops import contrast, equalize, sharpening
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
    Step(
        "equalize",
        "contrast",
        equalize.equalize,
        measure=equalize.cumulative_histogram,
        unit="1",
        check=has_range,
    ),
    Step("unsharp", "contrast", sharpening.unsharp, domain="volume"),
)
