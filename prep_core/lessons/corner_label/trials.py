"""A classifier learned from cases after a recipe, and how it does where nothing gives the answer away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.corner_label.cases import CORNER, Cases, as_scan
from prep_core.lessons.corner_label.pooled_filters import Floats, Reader, taught
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit

FITTED = 8
"""Training pictures on which a recipe is fitted."""

BODY = 0.1
"""What is brighter than this, where the picture goes from 0 to 1, may be body."""

Cut = Literal["nothing", "crop to foreground", "mask the body"]
Scale = Literal["nothing", "zscore", "nyul", "match_histogram"]


@dataclass(frozen=True, eq=False)
class Trial:
    """What was learned, its accuracy on cases tied like these and on cases where nothing is tied, and what was seen.

    Attributes
    ----------
    seen : (n, y, x) ndarray
        The training pictures after the recipe.
    moved : (n, 2) ndarray
        By how many pixels (y, x) the recipe moved each of them.
    """

    reader: Reader
    inside: float
    elsewhere: float
    seen: Floats
    moved: NDArray[np.int64]

    def in_corner(self, picture: int) -> float:
        """The share, of all that speaks for ill in a training picture, that lies where the mark was put."""
        evidence = np.maximum(self.reader.activation(self.seen[picture]), 0)
        rows, columns = (
            slice(max(0, side.start + by), max(0, side.stop + by))
            for side, by in zip(CORNER, self.moved[picture], strict=True)
        )
        whole = float(evidence.sum())
        return float(evidence[rows, columns].sum()) / whole if whole else 0.0


def trial(sets: Sequence[Cases], lines: tuple[Line, ...]) -> Trial:
    """Learn from the first of three sets, test on the others."""
    recipe = Recipe(lines)
    training, inside, elsewhere = sets
    if recipe.waiting:
        recipe = fit(recipe, [as_scan(picture) for picture in training.pictures[:FITTED]])
    (seen, moved), (near, _), (far, _) = (_seen(recipe, cases.pictures) for cases in sets)
    reader = taught(seen, training.ill)
    return Trial(reader, reader.accuracy(near, inside.ill), reader.accuracy(far, elsewhere.ill), seen, moved)


def cut_lines(cut: Cut, shape: tuple[int, ...]) -> tuple[Line, ...]:
    """Lines that keep what is thought to be the patient, and bring all to one size again."""
    size = Line("crop_or_pad", {"size": (0.0, *map(float, shape))})
    if cut == "nothing":
        return ()
    if cut == "crop to foreground":
        return (Line("crop_foreground", {"what": "foreground"}), size)
    body = Line("body_mask", {"threshold": BODY, "opening": 2.0, "lengths_in": "px"})
    return (body, Line("apply_mask", {"fill": 0.0}), Line("crop_foreground", {"what": "mask"}), size)


def scale_lines(scale: Scale) -> tuple[Line, ...]:
    """One line, or none."""
    return () if scale == "nothing" else (Line(scale, inside="all"),)


def _seen(recipe: Recipe, pictures: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The pictures after the recipe, and by how many pixels (y, x) it moved each: a scan keeps its place in space."""
    results = [apply(recipe, as_scan(picture)) for picture in pictures]
    moved = np.array([[-round(result.origin[1]), -round(result.origin[0])] for result in results])
    return np.stack([result.data.astype(np.float64) for result in results]), moved
