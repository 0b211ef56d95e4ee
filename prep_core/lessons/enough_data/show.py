"""Lesson: is my data set enough?  What it counts for, what a threshold found on it is worth, and what weights do."""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

from prep_core.lessons.enough_data.screening import (
    Floats,
    Images,
    Model,
    Point,
    Z,
    fitted,
    halves,
    intraclass,
    new_people,
    point,
    threshold_for,
    wilson,
)
from prep_core.lessons.enough_data.tables import points_table, profile_table, weights_table
from prep_core.lessons.enough_data.told import Profile, Weighted, happened
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown
from prep_core.param import P
from prep_core.scan import Scan

READERS, MINUTES, WAGE = 2, 3.0, 80.0
"""Who annotate, for how many minutes an image, and what an hour costs."""

PEOPLE = (25, 40)
"""Rows and columns of people in a picture."""

CELL = 6
"""Pixels of a person, with the gap."""

BINS = 8

CLOSE = 0.05
"""Half the width of an interval that is thought narrow enough."""


def show(
    scan: Scan | None,
    *,
    patients: Annotated[
        int, P("Patients in the data set; half of them are kept for the test.", (20, 2000), soft=(20, 1000))
    ] = 200,
    images: Annotated[int, P("Images of each patient.", (1, 20), soft=(1, 20))] = 5,
    ill: Annotated[float, P("How many of the patients are ill.", (1, 50), "%", soft=(1, 50))] = 10.0,
    sensitivity: Annotated[
        float, P("Share of the ill that the threshold must flag.", (50, 99), "%", soft=(70, 99))
    ] = 90.0,
) -> Shown:
    """A screening set, simulated: what it counts for, the operating point, and three ways to weigh the rare class."""
    if scan is not None:
        raise ValueError(f"scan {scan.name}: this lesson is about a simulated set, not about a scan; choose its own")
    training, test = halves(patients, ill / 100, images)
    people = new_people(ill / 100)
    models = fitted(training)
    weighted = {name: _weighted(model, people) for name, model in models.items()}
    plain = models["plain"]
    scores, fresh = plain(test.features), plain(people.features)
    threshold = threshold_for(sensitivity / 100, scores, test.ill)
    promised, turned_out = point(scores, test.ill, threshold), point(fresh, people.ill, threshold)
    profile = _profile(training, test, images, promised.sensitivity, sensitivity / 100)
    auc, new_auc = (float(roc_auc_score(*each)) for each in ((test.ill, scores), (people.ill, fresh)))
    share = float(np.mean(people.ill))
    return Shown(
        happened(profile, promised, turned_out, threshold, share, weighted),
        _numbers(profile, promised, turned_out, weighted) | {"threshold": threshold, "auc": auc},
        ((_people("As the test set promises", promised, share), _people("As 1000 new people", turned_out, share)),),
        (_roc(test, scores, people, fresh, promised, turned_out), _calibration(models, people)),
        (
            profile_table(profile),
            points_table({"test half": (promised, auc), "new people": (turned_out, new_auc)}, threshold),
            weights_table(weighted, share),
        ),
    )


def _profile(training: Images, test: Images, each: int, found: float, wanted: float) -> Profile:
    count = training.ill.size + test.ill.size
    shared = intraclass(training, each)
    effect = 1 + (each - 1) * shared
    ill_images = int(test.ill.sum())
    hours = count * READERS * MINUTES / 60
    return Profile(
        patients=count // each,
        each=each,
        ill_patients=(ill_images + int(training.ill.sum())) // each,
        test_ill_patients=ill_images // each,
        shared=shared,
        effect=effect,
        effective=count / effect,
        test_ill_effective=ill_images / effect,
        interval=wilson(found, ill_images / effect),
        needed=(Z / CLOSE) ** 2 * wanted * (1 - wanted) * effect / each,
        hours=hours,
        cost=hours * WAGE,
        readers=READERS,
        minutes=MINUTES,
        wage=WAGE,
    )


def _weighted(model: Model, people: Images) -> Weighted:
    """How well a model ranks new people, and what its probabilities are worth."""
    p = model(people.features)
    half = point(p, people.ill, 0.5)
    return Weighted(
        float(roc_auc_score(people.ill, p)),
        float(p.mean()),
        float(brier_score_loss(people.ill, p)),
        half.sensitivity,
        half.specificity,
    )


def _numbers(
    profile: Profile, promised: Point, turned_out: Point, weighted: Mapping[str, Weighted]
) -> dict[str, float]:
    numbers = {
        "icc": profile.shared,
        "effective": profile.effective,
        "low": profile.interval[0],
        "high": profile.interval[1],
        "needed": profile.needed,
        "hours": profile.hours,
        "cost": profile.cost,
        "promised_sensitivity": promised.sensitivity,
        "promised_specificity": promised.specificity,
        "new_sensitivity": turned_out.sensitivity,
        "new_specificity": turned_out.specificity,
        "new_ppv": turned_out.ppv,
        "new_npv": turned_out.npv,
    }
    for name, result in weighted.items():
        numbers |= {f"auc_{name}": result.auc, f"mean_{name}": result.mean, f"brier_{name}": result.brier}
    return numbers


def _people(title: str, at: Point, share: float) -> Picture:
    """1000 people, the ill first and outlined, the flagged bright."""
    count = PEOPLE[0] * PEOPLE[1]
    ill = round(count * share)
    order = np.arange(count)
    bright = np.where(
        order < ill, order < round(ill * at.sensitivity), order >= ill + round((count - ill) * at.specificity)
    )
    cell = np.pad(np.ones((CELL - 1, CELL - 1)), (0, 1))
    values = np.kron(np.where(bright, 1.0, 0.45).reshape(PEOPLE), cell)
    return Picture(title, values, 0, 1, outline=np.kron((order < ill).reshape(PEOPLE), np.ones((CELL, CELL))) > 0)


def _roc(test: Images, scores: Floats, people: Images, fresh: Floats, promised: Point, turned_out: Point) -> Chart:
    false, true, _ = roc_curve(test.ill, scores)
    new_false, new_true, _ = roc_curve(people.ill, fresh)
    every = slice(None, None, max(1, new_false.size // 200))
    at = (promised, turned_out)
    return Chart(
        "ROC",
        "1 − specificity",
        "sensitivity",
        (
            Curve("test set", false, true),
            Curve("new people", new_false[every], new_true[every]),
            Curve(
                "threshold",
                np.array([1 - p.specificity for p in at]),
                np.array([p.sensitivity for p in at]),
                points=True,
            ),
        ),
    )


def _calibration(models: Mapping[str, Model], people: Images) -> Chart:
    """Share of ill people in eight groups of equal size, by what the model said; oversampled lies on weighted."""
    curves = []
    for name in ("plain", "weighted", "focal"):
        p = models[name](people.features)
        groups = np.array_split(np.argsort(p, kind="stable"), BINS)
        said, was = (np.array([values[group].mean() for group in groups]) for values in (p, people.ill))
        curves.append(Curve(name, said, was))
    line = Curve("ideal", np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    return Chart("Calibration", "probability said", "share that is ill", (*curves, line))


LESSON = Lesson(
    key="enough-data",
    title="Is my data set enough?",
    question="A test set promises a sensitivity. How much of it is left when 1000 new people come?",
    show=show,
    breaks={"patients": 40, "images": 20, "ill": 5.0, "sensitivity": 95.0},
    breaking="800 images of 40 patients, 4 of them ill: the test half promises much on 2 ill people, and the interval "
    "says how little that is.",
)
