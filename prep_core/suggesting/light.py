"""Lines for OCT and other intensities over many decades, and for micrographs."""

import math

from prep_core.findings import Seen
from prep_core.findings.words import percent
from prep_core.line import Line
from prep_core.running import run_line
from prep_core.suggesting.known import Known, first
from prep_core.suggesting.suggestion import Reasoned, reasoned

STEP_DB = 5.0
"""The noise floor is rounded down to a multiple of it."""

DEEPEST_DB = -120.0
FAINTEST = 1e-12
"""Noise over reference, which is 0 where squares are too small for float32."""

BRIGHT = 0.2
"""Where the median of a bright ground lies, from p1 to p99: 0.15 on fluorescent nuclei, 0.29 and 0.58 on phase."""

WIDEST = 100
"""Pixels of the largest radius of a background."""


def decibels(known: Known) -> tuple[Reasoned, ...]:
    """Decibels relative to the brightest of the dataset, cut at the noise, and brought to 0 to 1."""
    quantity = known.findings["wide_range"].params["quantity"]
    line = Line("decibel", {"quantity": quantity}, over="dataset", inside=_with_a_level(known))
    done = run_line(line, known.met, alone=True)
    reference = first(done.measured.numbers["reference"])
    noise = (10 if quantity == "power" else 20) * math.log10(max(known.seen.noise / reference, FAINTEST))
    low = max(STEP_DB * math.floor(noise / STEP_DB), DEEPEST_DB)
    below = percent(float((Seen(done.scan).sample < low).mean()))
    return (
        Reasoned(
            line,
            f"{known.evidence('wide_range')} Relative to the 99.9th percentile of the dataset "
            f"({known.worded(reference)} in this scan), so that exposures stay comparable; fit measures it.",
        ),
        reasoned(
            "clip",
            f"The noise lies at {noise:.1f} dB: below {low:g} dB ({below} of the voxels) there is nothing to see, "
            "and above 0 dB only the brightest 0.1 %.",
            {"low": low, "high": 0.0},
        ),
        reasoned(
            "rescale_range",
            f"Fixed ends, {low:g} and 0 dB, become 0 and 1: the same decibel is the same grey in every scan.",
            {"in_low": low, "in_high": 0.0},
        ),
    )


def _with_a_level(known: Known) -> str:
    """Zeros have no decibel, and are no part of a reference."""
    return "positive" if known.inside == "all" and "exact_zeros" in known.findings else known.inside


def ground(known: Known) -> float:
    """Where the median lies between p1 (0) and p99 (1)."""
    percents = known.seen.percents
    span = percents[99.0] - percents[1.0]
    return (percents[50.0] - percents[1.0]) / span if span > 0 else 0.0


def bright_ground(known: Known) -> tuple[Reasoned, ...]:
    """The ground is taken away, and the rest has mean 0 and spread 1."""
    radius = float(min(max(min(known.met.data.shape[-2:]) // 8, 2), WIDEST))
    percents = known.seen.percents
    shading = known.evidence("uneven_light")
    return (
        reasoned(
            "background_subtract",
            f"The median {percents[50.0]:g} lies at {percent(ground(known))} of the way from p1 ({percents[1.0]:g}) to "
            f"p99 ({percents[99.0]:g}), so objects stand on a ground that is not dark. "
            f"{shading or 'It must not change the threshold from place to place.'} A radius of {radius:g} px, an "
            "eighth of the picture, keeps smaller objects.",
            {"radius": radius, "lengths_in": "px"},
        ),
        reasoned(
            "zscore",
            "What is left lies around 0 in units of no meaning; its own mean and spread make pictures comparable.",
            per=known.per,
        ),
    )


def fluorescence(known: Known) -> tuple[Reasoned, ...]:
    """The percentiles of CSBDeep, without clipping."""
    line = Line("percentile_rescale", {"low": 3.0, "high": 99.8, "clip": False})
    low, high = (known.worded(first(value)) for value in known.measured(line).numbers.values())
    reason = (
        f"The type {known.scan.data.dtype} says nothing about the range: p3 is {low}, the dark ground, and p99.8 is "
        f"{high}. They become 0 and 1, and brighter pixels stay above 1, as in CSBDeep and StarDist (Weigert 2018)."
    )
    return (Reasoned(line, reason),)
