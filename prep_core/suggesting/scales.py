"""Lines that set the scale: MR, bands, 8-bit pictures, and values of an unknown kind."""

from dataclasses import replace

from prep_core.findings.words import percent
from prep_core.line import Line
from prep_core.suggesting.known import Known, first
from prep_core.suggesting.suggestion import Reasoned, reasoned

MOST_NAMED = 4
"""Bands whose ranges a reason repeats."""


def resonance(known: Known) -> tuple[Reasoned, ...]:
    """The bias field goes first, then outliers, then the scale of the scanner."""
    inside = "mask" if known.inside == "mask" else "foreground"
    return (*_without_bias(known), *_standardised(known, inside))


def bands(known: Known) -> tuple[Reasoned, ...]:
    """Two percentiles of each band become 0 and 1, the same ones in every scene."""
    line = Line("percentile_rescale", {"low": 2.0, "high": 98.0}, over="dataset", per="channel", inside=known.inside)
    lows, highs = (v if isinstance(v, tuple) else (v,) for v in known.measured(line).numbers.values())
    names = known.met.channels or tuple(f"band {i}" for i in range(len(lows)))
    ranges = [f"{name} {low:.4g} to {high:.4g}" for name, low, high in zip(names, lows, highs, strict=True)]
    more = f" and {len(ranges) - MOST_NAMED} more" if len(ranges) > MOST_NAMED else ""
    reason = (
        f"The bands differ in range: {', '.join(ranges[:MOST_NAMED])}{more} (p2 to p98). Each is mapped by its own; "
        "over the dataset, so that the same ground has the same value in every scene. Band indices belong above it."
    )
    return (Reasoned(line, reason),)


def eight_bits(known: Known) -> tuple[Reasoned, ...]:
    """One fixed number for all pictures."""
    why = known.evidence("log_compressed") or f"The values are 8-bit, from {known.seen.low:g} to {known.seen.high:g}."
    reason = f"{why} One fixed number keeps pictures comparable; no decibel or logarithm is called for."
    return (reasoned("rescale", reason, {"divide": 255.0}),)


def unknown(known: Known) -> tuple[Reasoned, ...]:
    """Outliers are clipped, then each scan gets mean 0 and spread 1."""
    return _standardised(known, known.inside)


def _without_bias(known: Known) -> tuple[Reasoned, ...]:
    if "bias_field" not in known.findings:
        return ()
    found = known.findings["bias_field"]
    reason = (
        f"{found.evidence} So one tissue has different values at different places; N4 divides the field out. Where it "
        "takes too long, lowpass_field is a fast and coarser way."
    )
    return (reasoned(found.step, reason, found.params),)


def _foreground(known: Known) -> tuple[Reasoned, ...]:
    """A mask that stays: what counts as foreground must not change when values are clipped."""
    voxels = known.measured(Line("zscore", inside="foreground")).voxels
    reason = (
        f"{percent(voxels / known.seen.count)} of the voxels are brighter than Otsu's threshold; "
        "the rest is background and would pull every number below towards itself."
    )
    return (reasoned("foreground_mask", reason),)


def _standardised(known: Known, inside: str) -> tuple[Reasoned, ...]:
    where = {"all": "", "foreground": " of the foreground", "mask": " inside the mask"}[inside]
    measured_inside = "all" if inside == "all" else "mask"
    clip = Line("percentile_clip", {"low": 0.5, "high": 99.5}, inside=measured_inside, per=known.per)
    score = Line("zscore", inside=measured_inside, per=known.per)
    low, high = (known.worded(first(value)) for value in known.measured(replace(clip, inside=inside)).numbers.values())
    numbers = known.measured(replace(score, inside=inside)).numbers
    moments = {name: known.worded(first(value)) for name, value in numbers.items()}
    return (
        *(_foreground(known) if inside == "foreground" else ()),
        Reasoned(
            clip,
            f"99 % of the values{where} lie from {low} to {high}, the largest is {known.worded(known.seen.high)}: "
            "a few voxels must not set the scale (Isensee 2021).",
        ),
        Reasoned(
            score,
            f"The values have no absolute scale: as stored, their mean{where} is {moments['mean']} and their standard "
            f"deviation {moments['std']}; with 0 and 1 scans are comparable (Reinhold 2019).",
        ),
    )
