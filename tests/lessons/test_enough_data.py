"""The claims of "Is my data set enough?": effective size, operating point, and what weights do not cure."""

import math

import numpy as np
import pytest
from scipy.optimize import check_grad, minimize
from scipy.stats import binomtest, norm
from sklearn.metrics import brier_score_loss, confusion_matrix, roc_auc_score

from prep_core.lessons import LESSONS
from prep_core.lessons.enough_data.screening import (
    DISTANCE,
    SHARED,
    Point,
    fitted,
    focal,
    halves,
    images_of,
    intraclass,
    new_people,
    point,
    threshold_for,
    wilson,
)
from prep_core.lessons.enough_data.tables import points_table
from prep_core.scan import Scan

LESSON = LESSONS["enough-data"]
POINT = ("sensitivity", "specificity", "ppv", "npv")


@pytest.mark.parametrize("each", [2, 5])
def test_the_effective_size_is_the_one_that_the_mean_varies_by(each: int) -> None:
    """Means of 800 sets of 20 patients: their variance is that of 20 m / (1 + (m - 1) ICC) images."""
    healthy = np.zeros(20, bool)
    means = np.array([images_of(healthy, each, seed).features[:, 0].mean() for seed in range(800)])
    effective = 20 * each / (1 + (each - 1) * SHARED)
    assert means.var() == pytest.approx(1 / effective, rel=0.15)


def test_the_intraclass_correlation_is_found() -> None:
    found = intraclass(images_of(np.arange(3000) < 600, 4, 9), 4)
    assert found == pytest.approx(SHARED, abs=0.03)
    numbers = LESSON.shown(patients=400, images=4).numbers
    assert numbers["effective"] == pytest.approx(1600 / (1 + 3 * numbers["icc"]))


@pytest.mark.parametrize(("wanted", "patients"), [(80.0, 200), (95.0, 300)])
def test_the_threshold_keeps_the_wanted_sensitivity_on_the_test_half(wanted: float, patients: int) -> None:
    numbers = LESSON.shown(sensitivity=wanted, patients=patients).numbers
    training, test = halves(patients, 0.1, 5)
    scores = fitted(training)["plain"](test.features)
    flagged = scores >= numbers["threshold"]
    (tn, fp), (fn, tp) = confusion_matrix(test.ill, flagged)
    assert numbers["promised_sensitivity"] == tp / (tp + fn) >= wanted / 100
    assert numbers["promised_specificity"] == tn / (tn + fp)
    assert np.mean(scores[test.ill] > numbers["threshold"]) < wanted / 100
    assert numbers["auc"] == pytest.approx(roc_auc_score(test.ill, scores))


def test_new_people_do_what_two_normal_distributions_say() -> None:
    numbers = LESSON.shown(patients=400).numbers
    model = fitted(halves(400, 0.1, 5)[0])["plain"]
    cut = (math.log(numbers["threshold"] / (1 - numbers["threshold"])) - model.intercept) / np.linalg.norm(
        model.weights
    )
    shift = float(model.weights @ np.array(DISTANCE)) / np.linalg.norm(model.weights)
    sensitivity, specificity = norm.sf(cut - shift), norm.cdf(cut)
    assert numbers["new_sensitivity"] == pytest.approx(sensitivity, abs=0.025)
    assert numbers["new_specificity"] == pytest.approx(specificity, abs=0.01)
    s, c = numbers["new_sensitivity"], numbers["new_specificity"]
    assert numbers["new_ppv"] == pytest.approx(s * 0.1 / (s * 0.1 + (1 - c) * 0.9))
    assert numbers["new_npv"] == pytest.approx(c * 0.9 / (c * 0.9 + (1 - s) * 0.1))


def test_the_operating_point_stands_in_a_table_with_its_auc() -> None:
    shown = LESSON.shown(patients=100)
    people = new_people(0.1)
    auc = roc_auc_score(people.ill, fitted(halves(100, 0.1, 5)[0])["plain"](people.features))
    test, new = shown.tables[1].rows
    assert test[1] == 100 * shown.numbers["promised_sensitivity"]
    assert test[-1] == shown.numbers["auc"]
    assert new == ("new people", *(100 * shown.numbers[f"new_{n}"] for n in POINT), pytest.approx(auc))
    nobody = points_table({"test": (Point(1.0, 0.0, 0.1, math.nan), 0.5)}, 0.0)
    assert nobody.rows[0][4] == "nobody"


def test_the_interval_is_wilsons() -> None:
    theirs = binomtest(18, 20).proportion_ci(0.95, method="wilson")
    assert wilson(0.9, 20) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


@pytest.mark.parametrize("ill", [5.0, 20.0])
def test_weights_leave_the_ranking_and_spoil_the_probabilities(ill: float) -> None:
    numbers = LESSON.shown(patients=1000, ill=ill).numbers
    people = new_people(ill / 100)
    plain = fitted(halves(1000, ill / 100, 5)[0])["plain"](people.features)
    assert numbers["brier_plain"] == pytest.approx(brier_score_loss(people.ill, plain))
    assert numbers["mean_plain"] == pytest.approx(ill / 100, abs=0.02)
    for name in ("weighted", "oversampled", "focal"):
        assert numbers[f"auc_{name}"] == pytest.approx(numbers["auc_plain"], abs=0.01)
        assert numbers[f"mean_{name}"] > 1.3 * numbers["mean_plain"]
        assert numbers[f"brier_{name}"] > numbers["brier_plain"]


def test_the_focal_loss_is_at_its_least() -> None:
    """The same loss without a gradient, by another method of SciPy's."""
    training, _ = halves(100, 0.2, 1)
    found = focal(training)

    def loss(weights: np.ndarray) -> float:
        p = 1 / (1 + np.exp(-(training.features @ weights[:3] + weights[3])))
        q = np.where(training.ill, p, 1 - p)
        return float(-np.sum((1 - q) ** 2 * np.log(q)) + np.sum(weights[:3] ** 2) / 2)

    theirs = minimize(loss, np.zeros(4), method="Powell", options={"xtol": 1e-8, "ftol": 1e-12}).x
    np.testing.assert_allclose([*found.weights, found.intercept], theirs, atol=2e-3)
    assert check_grad(loss, lambda w: np.zeros(4), theirs) < 1e-2


def test_no_patient_is_in_both_halves_and_both_have_ill_ones() -> None:
    training, test = halves(21, 0.01, 3)
    assert training.patient.max() + test.patient.max() + 2 == 21
    assert training.ill.sum() == test.ill.sum() == 2 * 3
    assert not np.isin(training.features, test.features).any()


def test_breaking_it_leaves_an_interval_that_says_little() -> None:
    numbers = LESSON.shown(**LESSON.breaks).numbers
    assert numbers["high"] - numbers["low"] > 0.5
    assert numbers["effective"] < 100
    assert "not enough" in LESSON.shown(**LESSON.breaks).happened[2]


def test_a_large_set_is_enough_and_annotation_is_what_the_hours_cost() -> None:
    shown = LESSON.shown(patients=2000, ill=50.0, images=1)
    assert shown.numbers["needed"] == pytest.approx(1.959964**2 * 0.09 / 0.05**2)
    assert ": enough." in shown.happened[2]
    assert shown.numbers["hours"] == 2000 * 2 * 3 / 60
    assert shown.numbers["cost"] == shown.numbers["hours"] * 80


def test_a_picture_of_people_counts_them() -> None:
    shown = LESSON.shown()
    promised, turned_out = shown.pictures[0]
    for picture, sensitivity, specificity in (
        (promised, shown.numbers["promised_sensitivity"], shown.numbers["promised_specificity"]),
        (turned_out, shown.numbers["new_sensitivity"], shown.numbers["new_specificity"]),
    ):
        people = picture.image[::6, ::6].ravel()
        assert picture.outline is not None
        ill = picture.outline[::6, ::6].ravel()
        assert ill.sum() == 100
        assert np.sum(people[ill] == 1) == pytest.approx(100 * sensitivity, abs=0.5)
        assert np.sum(people[~ill] == 1) == pytest.approx(900 * (1 - specificity), abs=0.5)


def test_thresholds_and_points_by_hand() -> None:
    scores, ill = np.array([0.9, 0.8, 0.4, 0.3, 0.2]), np.array([True, False, True, True, False])
    assert threshold_for(0.6, scores, ill) == 0.4
    at = point(scores, ill, 0.4)
    assert (at.sensitivity, at.specificity, at.ppv, at.npv) == pytest.approx((2 / 3, 1 / 2, 2 / 3, 1 / 2))
    assert math.isnan(point(scores, ill, 2.0).ppv)


def test_an_own_scan_is_refused() -> None:
    with pytest.raises(ValueError, match="about a simulated set, not about a scan"):
        LESSON.shown(Scan(np.eye(40, dtype=np.float32), "YX"))
