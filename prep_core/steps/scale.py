"""Steps that bring a scan to a common scale."""

from prep_core.ops import scale
from prep_core.steps.step import Step

STEPS = (
    Step(
        "minmax",
        "scale",
        scale.minmax,
        measure=scale.extremes,
        unit="1",
        rule=scale.out_rule,
        check=scale.has_range,
    ),
    Step(
        "percentile_rescale",
        "scale",
        scale.percentile_rescale,
        measure=scale.rescale_percentiles,
        unit="1",
        rule=scale.percentile_rescale_rule,
        check=scale.has_range,
    ),
    Step(
        "percentile_clip",
        "scale",
        scale.percentile_clip,
        measure=scale.clip_percentiles,
        rule=scale.percentile_rule,
        check=scale.has_range,
    ),
    Step("zscore", "scale", scale.zscore, measure=scale.mean_and_std, unit="1", check=scale.has_spread),
)
