"""Lines that meet values which they are not for."""

from prep_core.lint.about import Met
from prep_core.presets import PRESETS

HU_STEPS = frozenset({"body_mask", "metal"})
"""Steps whose numbers are in HU by their definition."""

ALREADY_ONE = 1.001
"""Values of this size or below were divided before."""


def hu_without_hu(met: Met) -> str | None:
    """A window, range or threshold in HU meets values that are no HU."""
    if met.unit in ("", "HU") or not _means_hu(met):
        return None
    unit = "without a unit" if met.unit == "1" else f"in {met.unit}"
    return f"has numbers in HU and meets values {unit}; put it above the lines that change the unit"


def not_positive(met: Met) -> str | None:
    """A logarithm, decibel, root, gamma or N4 meets values that are not positive."""
    lowest = _lowest_legal(met)
    if lowest is None or met.reach is None or met.reach[0] >= lowest:
        return None
    what = "0 or more" if lowest == 0 else f"above {lowest:g}" if met.step == "log" else f"{lowest:g} or more"
    return (
        f"needs values {what}, and meets values down to {met.reach[0]:g}; "
        "put a clip, a window or a rescale above it, or take the magnitude first"
    )


def divided_twice(met: Met) -> str | None:
    """Values that are between 0 and 1 already are divided by a large number again."""
    if met.step != "rescale" or met.line.params["divide"] < 2 or met.reach is None:
        return None
    largest = max(map(abs, met.reach))
    if largest > ALREADY_ONE:
        return None
    divide = met.line.params["divide"]
    return f"divides by {divide:g}, and the values are at most {largest:g} already; remove one of the two divisions"


def window_misses(met: Met) -> str | None:
    """A window or clip range lies beyond the values, or is so wide that they fall into one grey."""
    ends = _ends(met)
    if ends is None or met.reach is None:
        return None
    (low, high), (smallest, largest) = ends, met.reach
    if low < largest and high > smallest and (largest - smallest) > 0.02 * (high - low):
        return None
    return (
        f"covers {low:g} to {high:g}, and the values reach from {smallest:g} to {largest:g}; nearly all of them "
        "become one value; look at the histogram at this line"
    )


def _lowest_legal(met: Met) -> float | None:
    params = met.line.params
    logarithm_of_field = met.step == "lowpass_field" and params.get("method") == "homomorphic"
    if met.step == "log":
        return float(-params["offset"])
    if met.step in ("decibel", "sqrt", "gamma", "polynomial_field", "n4") or logarithm_of_field:
        return None if met.line.inside == "positive" else 0.0
    return -0.375 if met.step == "anscombe" else None


def _means_hu(met: Met) -> bool:
    params = met.line.params
    if met.step in HU_STEPS or (met.step == "lung_mask" and params.get("method") == "ct"):
        return True
    presets = (preset.params for preset in PRESETS if preset.step == met.step and preset.unit == "HU")
    return any(all(params[name] == value for name, value in preset.items()) for preset in presets)


def _ends(met: Met) -> tuple[float, float] | None:
    params = met.line.params
    if met.step == "window":
        return params["center"] - params["width"] / 2, params["center"] + params["width"] / 2
    if met.step == "clip":
        return params["low"], params["high"]
    return (params["in_low"], params["in_high"]) if met.step == "rescale_range" else None
