"""Rules about pictures of the sky: a ground of noise that most pixels show, and objects far above it."""

from dataclasses import dataclass

import numpy as np

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen
from prep_core.findings.values import LARGEST
from prep_core.findings.words import value
from prep_core.measure import kernel_mode

TAIL = 128.0
"""p99.9 this many times the noise above the sky: on a linear scale of 8 bits, the noise is below two levels of grey."""

HALF_NORMAL = 0.6745
"""The median of the distance of normal deviates from their mean, in standard deviations."""


@dataclass(frozen=True)
class Sky:
    """What most pixels show where there is no object.

    Attributes
    ----------
    level : the most frequent value
    noise : what the values scatter by around it, as a standard deviation
    """

    level: float
    noise: float


def bright_tail(seen: Seen) -> Evidence | None:
    """A picture of the sky with objects so far above its noise that a linear scale hides the faint ones."""
    if seen.scan.modality != "AST" or max(abs(seen.low), abs(seen.high)) > LARGEST:
        return None
    sky, top = sky_of(seen), seen.percents[99.9]
    if sky.noise <= 0 or top - sky.level < TAIL * sky.noise:
        return None
    unit = seen.scan.unit
    level, noise, high = (value(float(f"{number:.4g}"), unit) for number in (sky.level, sky.noise, top))
    return Evidence(
        f"The sky, which is the most frequent value, is {level} and scatters by {noise}; p99.9, {high}, lies "
        f"{(top - sky.level) / sky.noise:,.0f} times that above it."
    )


def sky_of(seen: Seen) -> Sky:
    """The sky of a picture.  Only what lies below it tells its noise, as objects are above (Bijaoui 1980).

    Where the sky changes across the picture the noise of neighbours is the smaller one, and where most pixels show
    an object the scatter below the mode is: the larger of both is taken.
    """
    mode = kernel_mode()
    mode.update(seen.sample)
    while mode.again():
        mode.update(seen.sample)
    level = float(mode.finish()["mode"])
    below = level - seen.sample[seen.sample < level]
    scatter = float(np.median(below)) / HALF_NORMAL if below.size else 0.0
    return Sky(level, max(scatter, seen.noise))
