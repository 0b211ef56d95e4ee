"""Rules about red, green and blue."""

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen


def colour(seen: Seen) -> Evidence | None:
    """The picture has three colour channels."""
    if not seen.is_colour or seen.is_grey:
        return None
    return Evidence("The scan has three colour channels (R, G, B), and they differ.")


def grey_in_colour(seen: Seen) -> Evidence | None:
    """The three colour channels are equal."""
    if not seen.is_colour or seen.low == seen.high or not seen.is_grey:
        return None
    words = "The three colour channels (R, G, B) are equal in every pixel: the picture is grey."
    return Evidence(words, {"method": "first"})
