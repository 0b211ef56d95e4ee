"""Rules about how many decades the values span."""

import math

import numpy as np

from prep_core.findings.rule import Evidence
from prep_core.findings.seen import Seen
from prep_core.findings.words import share, value

DECADES = 3.0
"""Decades above the noise from which a linear scale shows little."""

SKEW = 1.0
"""Decades from the median of the positive values to p99.9: below that, a linear scale shows most of them."""

AMPLITUDES = ("US",)
"""Modalities whose real values are an envelope, 20 dB a decade."""


def wide_range(seen: Seen) -> Evidence | None:
    """The values span so many decades above their noise that a linear scale hides most of them."""
    found = decades_above_noise(seen)
    if found is None or _is_sky(seen):
        return None
    usable, above_median = found
    # The magnitude of a complex scan has power 2 in the line before this one.
    amplitude = seen.scan.modality in AMPLITUDES and not np.iscomplexobj(seen.scan.data)
    return Evidence(
        f"{usable:.1f} decades lie between the noise ({value(float(f'{seen.noise:.2g}'), seen.scan.unit)}) and the "
        f"largest value {value(seen.high, seen.scan.unit)}, {above_median:.1f} of them between the median of the "
        "positive values and p99.9.",
        {"quantity": "amplitude" if amplitude else "power"},
    )


def exact_zeros(seen: Seen) -> Evidence | None:
    """Zeros in a scan that asks for a decibel or a logarithm, which they do not have."""
    if decades_above_noise(seen) is None or _is_sky(seen) or not seen.zeros:
        return None
    return Evidence(f"{share(seen.zeros, seen.count)} are exactly 0.")


def _is_sky(seen: Seen) -> bool:
    """Whether noise lies on both sides of a level that is not 0, so that nobody asks for its logarithm."""
    return seen.scan.modality == "AST"


def decades_above_noise(seen: Seen) -> tuple[float, float] | None:
    """Decades from the noise to the maximum, and from the median of the positive to p99.9; None where they are few."""
    positive = seen.sample[seen.sample > 0]
    if seen.has_unit or not positive.size or seen.noise <= 0:
        return None
    usable = math.log10(seen.high / seen.noise)
    middle, top = np.percentile(positive, (50, 99.9))
    above_median = math.log10(top / middle)
    return (usable, above_median) if usable >= DECADES and above_median >= SKEW else None
