"""The tables of the lesson on data sets."""

import math
from collections.abc import Mapping

from prep_core.lessons.enough_data.screening import Point
from prep_core.lessons.enough_data.told import Profile, Weighted
from prep_core.lessons.lesson import Table


def profile_table(profile: Profile) -> Table:
    """What the data set counts for."""
    low, high = profile.interval
    return Table(
        "The data set",
        ("what", "value"),
        (
            ("patients", float(profile.patients)),
            ("ill patients", float(profile.ill_patients)),
            ("healthy patients for one that is ill", profile.patients / profile.ill_patients - 1),
            ("images", float(profile.patients * profile.each)),
            ("images it counts for", profile.effective),
            ("ill patients in the test half", float(profile.test_ill_patients)),
            ("sensitivity, 95 % interval from (%)", 100 * low),
            ("sensitivity, 95 % interval to (%)", 100 * high),
            ("hours of annotation", profile.hours),
            (f"cost at {profile.wage:g} an hour", profile.cost),
        ),
    )


def points_table(points: Mapping[str, tuple[Point, float]], threshold: float) -> Table:
    """The operating point; words where nobody is flagged, or everybody."""

    def cell(share: float) -> float | str:
        return "nobody" if math.isnan(share) else 100 * share

    rows = tuple(
        (who, *map(cell, (p.sensitivity, p.specificity, p.ppv, p.npv)), auc) for who, (p, auc) in points.items()
    )
    head = ("of", "sensitivity (%)", "specificity (%)", "PPV (%)", "NPV (%)", "AUC, all thresholds")
    return Table(f"Operating point: p of {threshold:.3f} or more", head, rows)


def weights_table(weighted: Mapping[str, Weighted], share: float) -> Table:
    """A row for each way to treat the imbalance."""
    return Table(
        f"New people, {share:.1%} of them ill",
        ("trained", "AUC", "mean p (%)", "Brier score", "sensitivity at 0.5 (%)", "specificity at 0.5 (%)"),
        tuple(
            (name, w.auc, 100 * w.mean, w.brier, 100 * w.sensitivity, 100 * w.specificity)
            for name, w in weighted.items()
        ),
    )
