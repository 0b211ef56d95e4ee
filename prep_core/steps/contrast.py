"""Steps that raise contrast."""

from prep_core.ops.contrast import clahe, equalize, sharpening
from prep_core.ops.scale.linear import has_range
from prep_core.steps.step import Step

STEPS = (
    Step(
        "clahe",
        "contrast",
        clahe.clahe,
        domain="plane",
        measure=clahe.clahe_range,
        unit="1",
        rule=clahe.clahe_line_rule,
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
    Step("unsharp", "contrast", sharpening.unsharp, domain="volume", reach=sharpening.unsharp_reach),
)
