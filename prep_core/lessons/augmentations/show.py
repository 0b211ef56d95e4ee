"""Lesson: augmentations that lie.  Three checks, and what each of them cannot see."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from prep_core.lessons.augmentations.augmenting import AUGMENTATIONS, Strength, displacement, elastic_field, folded
from prep_core.lessons.augmentations.checks import Checked, carried, checked, extremes, faults
from prep_core.lessons.augmentations.told import Told, happened
from prep_core.lessons.chests import radiograph
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.small_plane import small_plane
from prep_core.param import P
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan
from prep_core.suggesting import suggest

MOST = 192
"""Pixels on the longer side."""


def show(
    scan: Scan | None,
    *,
    augment: Annotated[
        Literal["after the recipe", "before the recipe"], P("Augment what the recipe made, or the picture as stored.")
    ] = "after the recipe",
    brightness: Annotated[
        float,
        P("What is added to all, as a share of the range; noise has half of it as its std.", (0, 2), soft=(0, 1)),
    ] = 0.15,
    elastic_alpha: Annotated[
        float, P("Elastic: how far the smoothed noise moves pixels.", (0, 2000), "px", soft=(0, 600))
    ] = 80.0,
    elastic_sigma: Annotated[
        float, P("Elastic: how smooth the movement is; small is crumpled.", (1, 50), "px", soft=(2, 20))
    ] = 8.0,
) -> Shown:
    """One plane under five augmentations: which half is brighter, what is left of the signal, and of the range."""
    plane = radiograph(2.0) if scan is None else small_plane(scan, MOST)
    recipe = _recipe(plane)
    frozen = fit(recipe, [plane]) if recipe.waiting else recipe
    original = apply(frozen, plane)
    ends = extremes(original)
    given = ends if augment == "after the recipe" else extremes(plane)
    strength = Strength(elastic_alpha, elastic_sigma, brightness * (given[1] - given[0]))
    found = _augmented(frozen, plane, original, strength, before=augment == "before the recipe")
    was = checked(original, original)
    failed = {name: faults(check, was.lean, was.alike) for name, check in found.items()}
    field = elastic_field(was.image.shape, elastic_alpha, elastic_sigma)
    farthest, crumpled = float(displacement(field).max()), float(np.mean(folded(field)))
    told = Told(plane, frozen, augment, ends, given, strength, was, found, failed, farthest, crumpled)
    return Shown(
        happened(told),
        _numbers(was, found, failed) | {"farthest": farthest, "folded": crumpled},
        _pictures(was, found, ends, original.unit),
        _charts(was, found),
        (_table(was, found, failed),),
        recipe,
    )


def _recipe(plane: Scan) -> Recipe:
    recipe = suggest(plane).recipe
    if not recipe.lines:
        raise ValueError(
            f"{plane.name} has no recipe to check against: it is a mask, labels, or a picture without contrast; "
            "choose a scan with grey values"
        )
    return recipe


def _augmented(frozen: Recipe, plane: Scan, original: Scan, strength: Strength, before: bool) -> dict[str, Checked]:
    """Each augmentation before the recipe, or after it."""
    found = {}
    for name, augment in AUGMENTATIONS.items():
        result, stopped = carried(frozen, augment(plane, strength)) if before else (augment(original, strength), "")
        found[name] = checked(result, original, stopped)
    return found


def _numbers(was: Checked, found: Mapping[str, Checked], failed: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    numbers = {"lean": was.lean, "alike": was.alike}
    for name, check in found.items():
        numbers |= {
            f"lean_{name}": check.lean,
            f"r_{name}": check.r,
            f"outside_{name}": check.outside,
            f"missing_{name}": check.missing,
            f"alike_{name}": check.alike,
            f"failed_{name}": float(len(failed[name])),
        }
    return numbers


def _pictures(
    was: Checked, found: Mapping[str, Checked], ends: tuple[float, float], unit: str
) -> tuple[tuple[Picture, ...], ...]:
    first = Picture("after the recipe", was.image, *ends, unit)
    others = [Picture(f"{name}: r = {check.r:.3f}", check.image, *ends, unit) for name, check in found.items()]
    return (first, *others[:2]), tuple(others[2:])


def _charts(was: Checked, found: Mapping[str, Checked]) -> tuple[Chart, ...]:
    names = ("none", *found)
    r = np.array([was.r, *(check.r for check in found.values())])
    lean = np.array([was.lean, *(check.lean for check in found.values())])
    return (
        Chart("Signal", "augmentation", "correlation r", (Curve("r", names, r),)),
        Chart("Anatomy", "augmentation", "right − left (std)", (Curve("right − left", names, lean),)),
    )


def _table(was: Checked, found: Mapping[str, Checked], failed: Mapping[str, tuple[str, ...]]) -> Table:
    rows = [("none", was, "passes")]
    rows += [(name, c, f"fails: {', '.join(failed[name])}" if failed[name] else "passes") for name, c in found.items()]
    return Table(
        "Three checks",
        ("augmentation", "says", "out of range (%)", "of one value (%)"),
        tuple((name, verdict, 100 * c.outside, 100 * c.alike) for name, c, verdict in rows),
    )


LESSON = Lesson(
    key="augmentations",
    title="Augmentations that lie",
    question="Which of these five pictures could not be this patient, and which check notices?",
    show=show,
    breaks={"augment": "before the recipe", "brightness": 1.5, "elastic_alpha": 600.0, "elastic_sigma": 4.0},
    breaking="Elastic turns tissue inside out. Before the recipe a large brightness is undone where the recipe "
    "measures each picture, and makes a CT white all over.",
    samples=("ct_chest", "ct_simulated", "fluorescence_nuclei"),
    takes_own="Any scan with grey values; its recipe is the one that Tune would suggest.",
)
