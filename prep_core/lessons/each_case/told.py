"""What happened in "Each case its own normalisation", with the numbers put in."""

from collections.abc import Mapping

POOR = 0.5
"""Spread, as a share of the distance of the tissues, from which on a normalisation is called no good."""


def happened(numbers: Mapping[str, float], exposure: float, sigmas: float) -> tuple[str, ...]:
    """Paragraphs."""
    own, one = numbers["spread_own"], numbers["spread_one"]
    return (
        f"y = (x − m) / s, cut off at ± {sigmas:g}, with the mean m and the standard deviation s of the pixels of this "
        "case, or of all cases together. An exposure g multiplies x, m and s, so in its own numbers it cancels: "
        "(g·x − g·m) / (g·s) = (x − m) / s.",
        f"{_exposed(exposure)}, and the bright tissue is stored as "
        f"{numbers['stored_least']:.4g} to {numbers['stored_most']:.4g}. It spreads from case to case by {own:.1%} of "
        f"the distance between the two tissues when each case has its own numbers, and by {one:.1%} with one reference "
        "for all.",
        f"Take the dark tissue of one case and the bright one of another: it is no darker in "
        f"{numbers['swapped_own']:.1%} of the pairs with numbers of their own, in {numbers['swapped_one']:.1%} with "
        "one reference. What swaps there no threshold, and no network that sees small patches, can tell apart.",
        _verdict(own, one, exposure),
        f"What it costs: noise grows with the rest. Its standard deviation in the dimmest case is "
        f"{numbers['noise_own_dimmest']:.2g} with numbers of its own and {numbers['noise_one_dimmest']:.2g} with one "
        f"reference; in the brightest {numbers['noise_own_brightest']:.2g} and {numbers['noise_one_brightest']:.2g}. "
        "Not shown: measuring each case inside its foreground, which depends less on the field of view.",
    )


def _exposed(exposure: float) -> str:
    return f"The brightest exposure is {exposure:g} times the dimmest" if exposure > 1 else "All exposures are alike"


def _verdict(own: float, one: float, exposure: float) -> str:
    if min(own, one) > POOR:
        return (
            "Here neither is good: one reference keeps the exposures, and numbers of its own follow what happens to be "
            "in the field of view. Crop to the same part first, or measure inside a tissue that is always there."
        )
    if own < one and exposure > 1:
        return (
            "Here each case should have its own numbers: what differs is how it was exposed, and that says nothing "
            "about the tissue. Widen what the fields of view differ by, and the advantage shrinks."
        )
    if own < one:
        return (
            "All exposures are alike, and still numbers of its own spread less: this scan is shaded, so its tissue "
            "differs from place to place, and numbers of the place follow that. One reference cannot."
        )
    return (
        "Here one reference is better: m and s depend on what else is in the picture, so the same tissue gets another "
        "value in each field of view, while the exposures have little to cancel. So it is with CT, whose values mean "
        "something."
    )
