"""Steps that choose voxels, and the one that fills the others."""

from types import MappingProxyType

from prep_core.ops import body, lungs, masks
from prep_core.steps.step import Step

STEPS = (
    Step(
        "foreground_mask",
        "masks",
        masks.foreground_mask,
        gives="mask",
        measure=masks.otsu_threshold,
        check=masks.has_threshold,
        tally=masks.mask_tally,
    ),
    Step(
        "threshold_mask",
        "masks",
        masks.threshold_mask,
        gives="mask",
        rule=masks.threshold_rule,
        tally=masks.mask_tally,
    ),
    Step("body_mask", "masks", body.body_mask, domain="volume", gives="mask", tally=masks.mask_tally),
    Step(
        "lung_mask",
        "masks",
        lungs.lung_mask,
        domain="volume",
        gives="mask",
        rule=lungs.lung_rule,
        tally=masks.mask_tally,
    ),
    Step(
        "apply_mask",
        "masks",
        masks.apply_mask,
        words=MappingProxyType({"inside": ("mask",)}),
        tally=masks.fill_tally,
    ),
)
