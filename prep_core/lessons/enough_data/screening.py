"""A simulated screening set: patients with several images each, three features an image, and who is ill."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

DISTANCE = (1.5, 0.8, 0.6)
"""By how much the mean of each feature differs between ill and healthy, in standard deviations of an image."""

SHARED = 0.6
"""The share of a feature's variance that all images of a patient have in common: the intraclass correlation."""

NEW_PEOPLE = 20_000

Z = 1.959964
"""Standard errors on both sides that hold 95 % of a normal distribution."""

FOCUS = 2.0
"""The exponent gamma of the focal loss (Lin et al. 2017)."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Images:
    """Features (n, 3), whether ill (n,), and the patient (n,) of each image; those of a patient stand together."""

    features: Floats
    ill: Flags
    patient: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Model:
    """A logistic regression: weights (3,), and what is added."""

    weights: Floats
    intercept: float

    def __call__(self, features: Floats) -> Floats:
        """(n,) the probability of being ill."""
        p: Floats = expit(features @ self.weights + self.intercept)
        return p


@dataclass(frozen=True)
class Point:
    """What a threshold does: shares from 0 to 1; NaN where nobody is flagged, or nobody is not."""

    sensitivity: float
    specificity: float
    ppv: float
    npv: float


def images_of(ill: Flags, each: int, seed: int) -> Images:
    """`each` images of every patient, of whom `ill` says who is ill."""
    rng = np.random.default_rng(seed)
    shape = (ill.size, each, len(DISTANCE))
    own = math.sqrt(SHARED) * rng.standard_normal((ill.size, 1, len(DISTANCE)))
    features = own + math.sqrt(1 - SHARED) * rng.standard_normal(shape) + ill[:, None, None] * np.array(DISTANCE)
    return Images(features.reshape(-1, len(DISTANCE)), np.repeat(ill, each), np.repeat(np.arange(ill.size), each))


def halves(patients: int, share: float, each: int) -> tuple[Images, Images]:
    """A training and a test set: half of the ill and half of the healthy patients in each, and no patient in both."""
    ill = max(4, round(patients * share))
    sides = [np.arange(patients - patients // 2) < (ill + 1) // 2, np.arange(patients // 2) < ill // 2]
    training, test = (images_of(side, each, seed) for seed, side in enumerate(sides, start=1))
    return training, test


def new_people(share: float) -> Images:
    """People of whom nobody has seen a thing: one image each."""
    return images_of(np.arange(NEW_PEOPLE) < round(NEW_PEOPLE * share), 1, 0)


def intraclass(images: Images, each: int) -> float:
    """The intraclass correlation by a one-way analysis of variance, class means removed; 0 for one image each.

    Notes
    -----
    (B - W) / (B + (m - 1) W) with the mean squares between and within patients (Shrout and Fleiss 1979, ICC(1,1)),
    summed over the features, and limited to 0..1.
    """
    if each == 1:
        return 0.0
    centred = images.features.copy()
    for group in (images.ill, ~images.ill):
        centred[group] -= centred[group].mean(axis=0)
    grid = centred.reshape(-1, each, centred.shape[1])
    means = grid.mean(axis=1)
    between = each * float(np.square(means).sum()) / (len(grid) - 2)
    within = float(np.square(grid - means[:, None]).sum()) / (len(grid) * (each - 1))
    return min(1.0, max(0.0, (between - within) / (between + (each - 1) * within)))


def fitted(training: Images) -> Mapping[str, Model]:
    """A logistic regression for each way to treat the imbalance, by name."""
    x, ill = training.features, training.ill
    repeats = np.where(ill, max(1, round(float(np.mean(~ill) / np.mean(ill)))), 1)
    return MappingProxyType(
        {
            "plain": _model(LogisticRegression().fit(x, ill)),
            "weighted": _model(LogisticRegression(class_weight="balanced").fit(x, ill)),
            "oversampled": _model(LogisticRegression().fit(np.repeat(x, repeats, axis=0), np.repeat(ill, repeats))),
            "focal": focal(training),
        }
    )


def focal(training: Images) -> Model:
    """A logistic regression with the focal loss.

    Notes
    -----
    The sum of -(1 - q)^gamma log q, where q is the probability of the class that is true, plus half the squared norm of
    the weights, as scikit-learn adds it.
    """
    x = np.column_stack([training.features, np.ones(training.ill.size)])
    side = np.where(training.ill, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        q = expit(side * (x @ weights)).clip(1e-12, 1 - 1e-12)
        penalty = np.append(weights[:-1], 0.0)
        slope = side * (1 - q) ** FOCUS * (FOCUS * q * np.log(q) + q - 1)
        return float(-((1 - q) ** FOCUS * np.log(q)).sum() + penalty @ penalty / 2), x.T @ slope + penalty

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return Model(found[:-1], float(found[-1]))


def _model(regression: LogisticRegression) -> Model:
    return Model(regression.coef_[0], float(regression.intercept_[0]))


def threshold_for(sensitivity: float, scores: Floats, ill: Flags) -> float:
    """The highest threshold at which that share of the ill, or more, is flagged: at it or above."""
    of_ill = np.sort(scores[ill])[::-1]
    return float(of_ill[max(1, math.ceil(sensitivity * of_ill.size - 1e-9)) - 1])


def point(scores: Floats, ill: Flags, threshold: float) -> Point:
    """What the threshold does to these people."""
    flagged = scores >= threshold
    return Point(
        float(flagged[ill].mean()),
        float((~flagged[~ill]).mean()),
        float(ill[flagged].mean()) if flagged.any() else math.nan,
        float((~ill[~flagged]).mean()) if not flagged.all() else math.nan,
    )


def wilson(share: float, count: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in `count` independent cases (Wilson 1927)."""
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
