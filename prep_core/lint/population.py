"""Lines that measure the wrong voxels, and filters that are wider than what must stay."""

import math

from prep_core.line import Line
from prep_core.lint.about import Met

FWHM = math.sqrt(8 * math.log(2))
"""Full width at half maximum of a Gaussian, in sigmas."""

MASKS = frozenset({"foreground_mask", "threshold_mask", "body_mask", "lung_mask"})

VOLUMES = frozenset({"CT", "MR", "PT"})


def percentiles_over_padding(met: Met) -> str | None:
    """Percentiles, or a mean, are measured over values that are no tissue."""
    line = met.line
    if line.spec.measure is None or line.inside != "all" or "inside" not in line.spec.population:
        return None
    filled = [above for above in met.above if above.step == "apply_mask"]
    if filled and not _measures_nothing(line):
        return "is measured inside all, and apply_mask above has filled voxels with one value; say inside: mask"
    if met.about.padded and not met.above and not _measures_nothing(line):
        return (
            "is measured inside all, and values of this scan that are no tissue are not marked as padding; "
            "say inside: foreground, or put a mask step above it"
        )
    return None


def mask_unused(met: Met) -> str | None:
    """A mask is made, and what is measured below counts all voxels as before."""
    measured = [line for line in met.below if "inside" in line.spec.population]
    if met.step not in MASKS or not measured or any(line.inside == "mask" for line in measured):
        return None
    return f"makes a mask, and {measured[0].step} below is measured inside {measured[0].inside}; say inside: mask there"


def split_volume(met: Met) -> str | None:
    """One volume is measured plane by plane or frame by frame, so its parts lose their common scale."""
    per, sizes = met.line.per, met.about.sizes
    if per == "plane" and (sizes.get("Z", 1) > 1 if sizes else met.about.modality in VOLUMES):
        return "is measured per plane, and the planes are one volume: tissue gets another value in each; say per: all"
    if per == "frame" and sizes and sizes.get("T", 1) == 1:
        return "is measured per frame, and the scan has one frame; say per: all"
    return None


def wider_than_lesion(met: Met) -> str | None:
    """A Gaussian is wider than the smallest thing that must stay visible."""
    smallest, width = met.about.smallest, _width(met)
    if smallest is None or width is None or width <= smallest:
        return None
    return (
        f"is {width:.3g} mm wide at half height, more than the {smallest:g} mm asked about: a lesion of that size "
        f"keeps half of its contrast or less; use a sigma below {smallest / FWHM:.3g} mm"
    )


def _width(met: Met) -> float | None:
    """Full width at half maximum in mm; None where it is no Gaussian or nobody knows."""
    if met.step != "gaussian":
        return None
    sigma = float(met.line.params["sigma"])
    if met.line.params["lengths_in"] == "px":
        return FWHM * sigma * max(met.about.spacing) if met.about.spacing else None
    return FWHM * sigma


def _measures_nothing(line: Line) -> bool:
    """Whether the numbers of the line are said, not measured."""
    return "fixed" in (line.params.get("reference"), line.params.get("input_range"))
