"""Lines that stand in the wrong order, or alone."""

from collections.abc import Iterable

from prep_core.line import Line
from prep_core.lint.about import Met

STANDARDISED = frozenset({"zscore", "robust_zscore", "white_stripe", "ct_foreground", "standardize_map"})
BY_RANGE = frozenset({"window", "rescale_range", "minmax", "percentile_rescale", "clahe", "equalize"})
"""Steps whose result has a scale of its own, whatever came in."""


def n4_without_scale(met: Met) -> str | None:
    """N4 is not followed by a step that sets the scale."""
    if met.step != "n4" or any(_sets_scale(line) for line in met.below):
        return None
    return (
        "is the last word on the scale, and N4 leaves it open; put zscore, white_stripe or a percentile step below it"
    )


def resample_before_clip(met: Met) -> str | None:
    """CT is resampled before its range is limited, so padding and metal spread into their neighbours."""
    if met.step != "resample" or met.unit != "HU" or met.line.params["interpolation"] == "nearest":
        return None
    limits = [line for line in met.below if line.step in ("clip", "window", "rescale_range")]
    padded = met.about.padded or (met.about.sizes is None and not _limited(met.above))
    if not limits or not padded:
        return None
    return (
        f"comes before {limits[0].step}: padding far below air (-2000, -3024) is mixed into the voxels beside it; "
        f"put {limits[0].step} or a clip from -1024 above it"
    )


def clahe_after_zscore(met: Met) -> str | None:
    """CLAHE meets standardised values, so its input range is another one for every scan."""
    before = [line.step for line in met.above if line.step in STANDARDISED | BY_RANGE]
    if met.step != "clahe" or not before or before[-1] not in STANDARDISED:
        return None
    return f"comes after {before[-1]}, and undoes it: the result is from 0 to 1 again; put clahe above {before[-1]}"


def index_after_scale(met: Met) -> str | None:
    """A band index is computed on bands that were scaled before."""
    before = [line.step for line in met.above if line.step in STANDARDISED | BY_RANGE or _is_curve(line)]
    if met.step != "band_index" or not before:
        return None
    return f"comes after {before[-1]}: a ratio of bands means something on reflectance alone; put band_index first"


def _sets_scale(line: Line) -> bool:
    return line.spec.family == "scale" or line.step in BY_RANGE


def _limited(above: Iterable[Line]) -> bool:
    return any(line.step in ("clip", "window", "rescale_range", "percentile_clip") for line in above)


def _is_curve(line: Line) -> bool:
    return line.step in ("log", "decibel", "gamma", "sqrt", "asinh", "anscombe", "nyul", "match_histogram")
