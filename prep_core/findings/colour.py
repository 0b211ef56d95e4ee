"""Rules about red, green and blue."""

import numpy as np

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen


def colour(seen: Seen) -> Evidence | None:
    """The picture has three colour channels."""
    if not seen.is_colour or _is_grey(seen):
        return None
    return Evidence("The scan has three colour channels (R, G, B), and they differ.")


def grey_in_colour(seen: Seen) -> Evidence | None:
    """The three colour channels are equal."""
    if not seen.is_colour or seen.low == seen.high or not _is_grey(seen):
        return None
    words = "The three colour channels (R, G, B) are equal in every pixel: the picture is grey."
    return Evidence(words, {"method": "first"})


def _is_grey(seen: Seen) -> bool:
    red, green, blue = np.moveaxis(seen.scan.data, seen.scan.axes.index("C"), 0)
    return np.array_equal(red, green) and np.array_equal(red, blue)
