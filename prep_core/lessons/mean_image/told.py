"""What happened in "The mean image", with the numbers put in."""

from collections.abc import Mapping


def happened(numbers: Mapping[str, float], shift: int, count: int, unit: str, *, own: bool) -> tuple[str, ...]:
    """Paragraphs; `unit` is "1" for 8-bit pictures."""
    bright = "bright part (by Otsu's method)" if own else "disc"
    levels = "grey levels" if unit == "1" else unit
    inside, outside = numbers["divisor_inside"], numbers["divisor_outside"]
    return (
        f"y = (x − m) / s. Per pixel, m and s are images, measured at each pixel over {count} pictures: the mean, and "
        "the standard deviation or the largest minus the smallest value. Per channel they are two numbers; fixed, "
        "they are chosen and not measured.",
        f"In the {bright} the spread is {inside:.3g} {levels} on average, beside it {outside:.3g}. So the contrast "
        f"of its edge, (mean inside − mean outside) / noise, which is {numbers['home_stored']:.3g} as stored, is "
        f"{numbers['home_std']:.3g} after mean and std per pixel and {numbers['home_range']:.3g} after mean and range. "
        f"Fixed and per channel it stays at {numbers['home_fixed']:.3g} and {numbers['home_channel']:.3g}: one "
        "straight line for all pixels moves no pixel against another.",
        f"A picture without anything there has an edge all the same, of contrast {numbers['ghost_std']:.3g} after mean "
        f"and std per pixel, and of {numbers['ghost_stored']:.3g} as stored. Moved by {shift} px the largest "
        f"value is {numbers['largest_std']:.3g}, against {numbers['largest_channel']:.3g} per channel: a pixel that "
        "was always dark is divided by the little it ever varied.",
        _verdict(numbers),
        "Not shown: pictures that are registered, where each pixel is always the same tissue; for those the map was "
        "made. A floor under the spread (std_floor) trades the map for one number.",
    )


def _verdict(numbers: Mapping[str, float]) -> str:
    if numbers["home_std"] < numbers["home_stored"] / 2:
        return (
            f"For a network this means: what is to be found stands {numbers['home_std']:.3g} noises above the ground "
            f"instead of {numbers['home_stored']:.3g}, what lies elsewhere than in training looks like another thing, "
            "and weights that are shared over the picture, as those of a convolution, meet another scale at each place."
        )
    return (
        "Here the edge keeps at least half of its contrast: its spread is much the same on both sides, or the floor "
        "is above both. What moves still meets another scale at each place."
    )
