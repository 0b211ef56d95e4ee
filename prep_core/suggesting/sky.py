"""Lines for pictures of the sky."""

import re

import numpy as np

from prep_core.findings.sky import sky_of
from prep_core.findings.words import value as with_unit
from prep_core.line import Line
from prep_core.suggesting.known import Known, first
from prep_core.suggesting.suggestion import Reasoned, reasoned

COUNTS = frozenset(
    ("e", "electron", "electrons", "count", "counts", "ct", "cts", "adu", "dn", "photon", "photons", "ph")
)
"""Words of units that depend on exposure and gain."""

BELOW = 3.0
"""Black lies so many times the noise below the sky, as in sigma clipping."""

LEAST, MOST, TOP = 0.1, 25.0, 99.9
"""Percentiles between which black is looked for, and that of white."""


def stretched(known: Known) -> tuple[Reasoned, ...]:
    """Black below the sky, white at the brightest, and asinh, which lifts what is faint out of the noise."""
    sky = sky_of(known.seen)
    line = _limits(known, _percentile_of(known, sky.level - BELOW * sky.noise), TOP)
    low, high = (first(number) for number in known.measured(line).numbers.values())
    scale = float(f"{min(max(BELOW * sky.noise / (high - low), 1e-6), 1.0):.2g}")
    level, noise = (known.worded(float(f"{number:.4g}")) for number in (sky.level, sky.noise))
    return (
        Reasoned(
            line,
            f"The sky, which is the most frequent value, is {level} and scatters by {noise}. "
            f"p{line.params['low']:g}, {known.worded(low)}, lies {(sky.level - low) / sky.noise:.2g} times that below "
            f"it and becomes 0; p{TOP:g}, {known.worded(high)}, becomes 1: neither dead pixels nor cosmic rays set the "
            f"scale. {_whose(known)}",
        ),
        reasoned(
            "asinh",
            f"The brightest lie {(high - sky.level) / sky.noise:,.0f} times the noise above the sky. asinh is straight "
            f"up to {BELOW:g} times the noise, {scale:g} of the new range, and a logarithm above it: faint and bright "
            "objects are seen together (Lupton 1999; AsinhStretch of Astropy).",
            {"scale": scale},
        ),
    )


def even(known: Known) -> tuple[Reasoned, ...]:
    """Two percentiles become black and white."""
    line = _limits(known, 0.5, 99.5)
    low, high = (known.worded(first(number)) for number in known.measured(line).numbers.values())
    reason = (
        f"99 % of the values lie from {low} to {high}, the largest is {with_unit(known.seen.high, known.met.unit)}: "
        f"nothing stands so far above the noise that it calls for asinh. {_whose(known)}"
    )
    return (Reasoned(line, reason),)


def _limits(known: Known, low: float, high: float) -> Line:
    """Measured over the dataset where the unit means the same in every image."""
    over = "dataset" if _is_calibrated(known.met.unit) else "image"
    per = "channel" if known.met.size("C") > 1 else known.per
    return Line("percentile_rescale", {"low": low, "high": high}, over=over, per=per, inside=known.inside)


def _is_calibrated(unit: str) -> bool:
    words = set(re.findall(r"[a-z]+", unit.lower()))
    return unit not in ("a.u.", "1") and not words & COUNTS


def _whose(known: Known) -> str:
    unit = known.met.unit
    if _is_calibrated(unit):
        return f"{unit} means the same in every image, so the limits are those of the dataset."
    if unit in ("a.u.", "1"):
        return "The file names no unit, so each image is measured alone."
    return f"Values in {unit} grow with exposure and gain, so each image is measured alone."


def _percentile_of(known: Known, level: float) -> float:
    """Of the values, the percentile at `level`, in two digits."""
    share = 100 * float(np.mean(known.seen.sample < level))
    return float(f"{min(max(share, LEAST), MOST):.2g}")
