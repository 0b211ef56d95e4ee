"""Steps that change the grid of voxels."""

from prep_core.ops.grid import cropping, downscale, reorient, resample
from prep_core.steps.step import Step

STEPS = (
    Step("reorient", "grid", reorient.reorient, domain="grid", rule=reorient.axes_rule),
    Step("resample", "grid", resample.resample, domain="grid"),
    Step("crop_foreground", "grid", cropping.crop_foreground, domain="grid", tally=cropping.cropped_tally),
    Step(
        "crop_or_pad",
        "grid",
        cropping.crop_or_pad,
        domain="grid",
        rule=cropping.size_rule,
        tally=cropping.crop_or_pad_tally,
    ),
    Step(
        "downscale",
        "grid",
        downscale.downscale,
        domain="grid",
        rule=downscale.factor_rule,
        tally=downscale.downscale_tally,
    ),
)
