"""Steps that choose voxels, and the one that fills the others."""

from types import MappingProxyType

from prep_core.ops.masks import body, lungs, thresholds
from prep_core.steps.step import Step

STEPS = (
    Step(
        "foreground_mask",
        "masks",
        thresholds.foreground_mask,
        gives="mask",
        measure=thresholds.otsu_threshold,
        check=thresholds.has_threshold,
        tally=thresholds.mask_tally,
    ),
    Step(
        "threshold_mask",
        "masks",
        thresholds.threshold_mask,
        gives="mask",
        rule=thresholds.threshold_rule,
        tally=thresholds.mask_tally,
    ),
    Step("body_mask", "masks", body.body_mask, domain="volume", gives="mask", tally=thresholds.mask_tally),
    Step(
        "lung_mask",
        "masks",
        lungs.lung_mask,
        domain="volume",
        gives="mask",
        rule=lungs.lung_rule,
        tally=thresholds.mask_tally,
    ),
    Step(
        "apply_mask",
        "masks",
        thresholds.apply_mask,
        words=MappingProxyType({"inside": ("mask",)}),
        tally=thresholds.fill_tally,
    ),
)
