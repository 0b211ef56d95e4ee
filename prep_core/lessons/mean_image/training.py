"""Two classifiers of pictures with and without a disc, after each of four normalisations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.lesson import Chart, Curve, Picture, Shown, Table, Tell
from prep_core.lessons.mean_image.disc_pictures import COUNT, RADIUS, labelled
from prep_core.lessons.mean_image.filter_bank import FILTERS, pooled
from prep_core.lessons.mean_image.normalisations import WORDS, fitted
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.scan import Scan

Images = NDArray[np.float32]
Set = tuple[list[Scan], NDArray[np.bool_]]

SHIFTS = (0, 5, 10, 15, 20)
"""Pixels to the right at which the classifiers are asked."""

LOST = 0.05
"""Share of right answers that has to be lost until it is said to be."""


def _flat(images: Images) -> Images:
    return images.reshape(len(images), -1)


KINDS: tuple[tuple[str, str, Callable[[Images], Images]], ...] = (
    ("pixels", "linear", _flat),
    ("filters", "filter bank", pooled),
)


@dataclass(frozen=True)
class Classifier:
    """A logistic regression on features that were centred, and scaled by one number for all of them."""

    model: Any
    mean: Images
    scale: float

    def right(self, features: Images, has: NDArray[np.bool_]) -> float:
        """The share of right answers."""
        return float(np.mean(self.model.predict((features - self.mean) / self.scale) == has))


def train(scan: Scan | None, tell: Tell, *, shift: int, jitter: int, discs: float, std_floor: float) -> Shown:
    """Learn on 60 pictures, and be asked about 60 others for each place of the disc.

    Raises
    ------
    ValueError
        For a scan of one's own: nobody said which of its frames show a disc.
    """
    if scan is not None:
        raise ValueError(
            f"scan {scan.name}: a classifier needs pictures with and without a disc, and nobody said which frames have "
            "one; choose the lesson's own pictures"
        )
    learned = labelled(0, discs / 100, jitter)
    asked = {by: labelled(1 + by, 0.5, jitter, by) for by in sorted({*SHIFTS, shift})}
    recipes = fitted(learned[0], std_floor)
    right: dict[tuple[str, str, int], float] = {}
    weights = {}
    for i, (name, recipe) in enumerate(recipes.items()):
        for j, (kind, words, features) in enumerate(KINDS):
            tell((2 * i + j) / (2 * len(recipes)), f"{WORDS[name]}: {words}")
            classifier = _learned(features(_stack(recipe, learned[0])), learned[1])
            right |= {
                (kind, name, by): classifier.right(features(_stack(recipe, pictures)), has)
                for by, (pictures, has) in asked.items()
            }
            if kind == "pixels":
                found = classifier.model.coef_.reshape(learned[0][0].data.shape)
                weights[name] = (found / np.abs(found).max()).astype(np.float32)
    tell(1.0, "done")
    return _told(right, weights, shift)


def _stack(recipe: Recipe, pictures: list[Scan]) -> Images:
    return np.stack([apply(recipe, one).data for one in pictures])


def _learned(features: Images, has: NDArray[np.bool_]) -> Classifier:
    # It takes seconds to import, which only those who train have to wait for.
    from sklearn.linear_model import LogisticRegression

    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    # One number for all: a spread for each feature would be the map per pixel once more.
    scale = float((features - mean).std(dtype=np.float64))
    model = LogisticRegression(max_iter=2000, class_weight="balanced")
    return Classifier(model.fit((features - mean) / scale, has), mean, scale)


def _told(right: Mapping[tuple[str, str, int], float], weights: Mapping[str, Images], shift: int) -> Shown:
    numbers = {
        f"{kind}_{name}_{place}": right[kind, name, by]
        for kind, _, _ in KINDS
        for name in WORDS
        for place, by in (("home", 0), ("moved", shift))
    }
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (words, *(100 * numbers[f"{kind}_{name}_{place}"] for kind, _, _ in KINDS for place in ("home", "moved")))
        for name, words in WORDS.items()
    )
    head = ("normalisation", "linear", "linear, moved", "filter bank", "filter bank, moved")
    pictures = tuple(Picture(f"w, {name}", image, -1.0, 1.0, colours="signed") for name, image in weights.items())
    return Shown(
        _happened(numbers, shift),
        numbers,
        (pictures,),
        tuple(_chart(right, kind, words) for kind, words, _ in KINDS),
        (Table(f"Right answers about {COUNT} pictures (%), moved by {shift} px", head, rows),),
    )


def _chart(right: Mapping[tuple[str, str, int], float], kind: str, words: str) -> Chart:
    curves = tuple(
        Curve(called, np.array(SHIFTS), np.array([100 * right[kind, name, by] for by in SHIFTS]))
        for name, called in WORDS.items()
    )
    return Chart(f"Right answers, {words}", "disc moved by (px)", "right (%)", curves)


def _happened(numbers: Mapping[str, float], shift: int) -> tuple[str, ...]:
    return (
        "Linear: the answer is disc where Σ w · y + b > 0, one weight w for each pixel (logistic regression). Filter "
        f"bank: {FILTERS} fixed filters (brightness, edges, ridges, corners), the mean and the largest response of "
        f"each over the whole picture, and a logistic regression on these {2 * FILTERS} numbers.",
        f"Linear, at its place: right in {numbers['pixels_fixed_home']:.0%} (fixed) and "
        f"{numbers['pixels_std_home']:.0%} (mean and std). Moved by {shift} px: {numbers['pixels_fixed_moved']:.0%} "
        f"and {numbers['pixels_std_moved']:.0%}. {_linear_verdict(numbers)}",
        f"Filter bank, moved by {shift} px: right in {numbers['filters_fixed_moved']:.0%} (fixed), "
        f"{numbers['filters_channel_moved']:.0%} (per channel), {numbers['filters_range_moved']:.0%} (mean and range) "
        f"and {numbers['filters_std_moved']:.0%} (mean and std). {_bank_verdict(numbers)}",
        "50% is guessing. Not shown: a network that learns its filters, and pictures in which a disc is hard to see.",
    )


def _linear_verdict(numbers: Mapping[str, float]) -> str:
    if min(numbers["pixels_fixed_moved"], numbers["pixels_std_moved"]) < numbers["pixels_fixed_home"] - LOST:
        return "A weight for each pixel knows the place, whatever the normalisation."
    return (
        "Its weights know the place, and so far the disc still covers enough of it: move it further than its radius "
        f"of {RADIUS} px."
    )


def _bank_verdict(numbers: Mapping[str, float]) -> str:
    worst = min(numbers["filters_range_moved"], numbers["filters_std_moved"])
    if worst < numbers["filters_fixed_moved"] - LOST:
        return (
            "Filters find the disc wherever it is, as long as it looks the same everywhere; a map per pixel takes "
            "that away."
        )
    return (
        "Here the map costs no right answers, other than one often hears: with this many discs in training a dark hole "
        "or a bright crescent still tells them apart. Let 90% of the training pictures have a disc, and look again."
    )
