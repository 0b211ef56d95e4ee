"""What the lesson on data sets says of its numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from prep_core.lessons.enough_data.screening import SHARED, Point

FEW_ILL = 20
MOSTLY = 0.8
"""From this share of healthy patients on, accuracy says nothing."""


@dataclass(frozen=True)
class Profile:
    """A data set in numbers.

    Attributes
    ----------
    each : images of a patient
    shared, effect : the intraclass correlation found, and the design effect 1 + (each - 1) shared
    effective, test_ill_effective : images that count as much as so many independent ones
    interval : of the sensitivity on the test half, 95 %
    needed : ill patients in a test set for an interval of 5 points up and down
    """

    patients: int
    each: int
    ill_patients: int
    test_ill_patients: int
    shared: float
    effect: float
    effective: float
    test_ill_effective: float
    interval: tuple[float, float]
    needed: float
    hours: float
    cost: float
    readers: int
    minutes: float
    wage: float


@dataclass(frozen=True)
class Weighted:
    """A model on new people: how it ranks, its mean probability, Brier score, and what a threshold of 0.5 does."""

    auc: float
    mean: float
    brier: float
    sensitivity: float
    specificity: float


def happened(
    profile: Profile,
    promised: Point,
    turned_out: Point,
    threshold: float,
    share: float,
    weighted: Mapping[str, Weighted],
) -> tuple[str, ...]:
    """The formulas, with the numbers put in, and what follows."""
    return (
        _size(profile),
        _point(profile, promised, turned_out, threshold, share),
        _enough(profile),
        _weights(weighted, share),
        "What this does not show: labels that are wrong, a second hospital, or patients who differ from those to come. "
        f"Here all is drawn from known normal distributions (intraclass correlation {SHARED:g}); your own is measured "
        "from several images of the same patients.",
    )


def _size(p: Profile) -> str:
    count = p.patients * p.each
    return (
        "Effective size = n / (1 + (m − 1) · ICC), with m images of each patient, and ICC the intraclass correlation: "
        f"the share of the spread that a patient's images have in common. {count} / (1 + ({p.each} − 1) · "
        f"{p.shared:.2f}) = {p.effective:.0f}: the {count} images tell as much as {p.effective:.0f} patients with one "
        f"image each. All {count} have to be annotated: {p.readers} readers · {p.minutes:g} min · {count} = "
        f"{p.hours:.0f} hours, at {p.wage:g} an hour {p.cost:,.0f}."
    )


def _point(p: Profile, promised: Point, turned_out: Point, threshold: float, share: float) -> str:
    low, high = p.interval
    new, false = turned_out.sensitivity, 1 - turned_out.specificity
    return (
        f"Operating point: p ≥ {threshold:.3f} flags {promised.sensitivity:.1%} of the ill in the test half and spares "
        f"{promised.specificity:.1%} of the healthy. Of new people it flags {new:.1%} of the ill and spares "
        f"{turned_out.specificity:.1%} of the healthy; the 95 % interval for the sensitivity, {low:.1%} to {high:.1%}, "
        "had to be reckoned with. PPV, the share of the flagged who are ill, is sens · π / (sens · π + (1 − spec) · "
        f"(1 − π)) = {new:.3f} · {share:.3f} / ({new:.3f} · {share:.3f} + {false:.3f} · {1 - share:.3f}) = "
        f"{turned_out.ppv:.1%}; NPV, the share of the others who are healthy, is {turned_out.npv:.1%}."
    )


def _enough(p: Profile) -> str:
    verdict = "enough" if p.test_ill_patients >= p.needed else "not enough"
    return (
        "Enough? For 5 points up and down, the number of ill test patients must be 1.96² · s (1 − s) / 0.05² · (1 + "
        f"(m − 1) · ICC) / m = {math.ceil(p.needed)}, with s the sensitivity that is wanted; there are "
        f"{p.test_ill_patients}: {verdict}. Warnings: {'; '.join(_warnings(p)) or 'none'}."
    )


def _warnings(p: Profile) -> list[str]:
    healthy = 1 - p.ill_patients / p.patients
    found = []
    if p.test_ill_patients < FEW_ILL:
        found.append(f"the test half has only {p.test_ill_patients} ill patients")
    if healthy > MOSTLY:
        found.append(f"a model that calls everybody healthy is right in {healthy:.0%}")
    if p.each > 1:
        found.append(f"{p.each} images of each patient: split by patient, never by image")
    return found


def _weights(weighted: Mapping[str, Weighted], share: float) -> str:
    auc = ", ".join(f"{name} {result.auc:.3f}" for name, result in weighted.items())
    mean = ", ".join(f"{name} {result.mean:.1%}" for name, result in weighted.items())
    return (
        "Weights: to weigh the rare class more, to repeat its cases, or the focal loss −(1 − q)² · log q, with q the "
        "probability of what is true, are said to cure imbalance. How well people are ranked (AUC) hardly moves: "
        f"{auc}. The probabilities do: {share:.1%} are ill, and the models say on average: {mean}. A threshold for the "
        "wanted sensitivity moves the same people over the line, and leaves probabilities that mean something."
    )
