"""Where white and grey matter come out in three scans, by each way to bring MR to a scale."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from prep_core.lessons.mr_fields.brain_scans import Head, healthy, other_scanner, t2_weighted, training_heads
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply, fit
from prep_core.scan import Scan

SCALES = ("none", "z-score", "white stripe", "nyul")


@dataclass(frozen=True, eq=False)
class Place:
    """What white and grey matter became in one scan, on average."""

    scan: Scan
    white: float
    grey: float


@dataclass(frozen=True, eq=False)
class Scaled:
    """One scale on the head, on the other scanner's with its lesion, and on the other contrast."""

    head: Place
    other: Place
    t2: Place

    @property
    def contrast(self) -> float:
        """From grey to white matter in the head."""
        return self.head.white - self.head.grey

    @property
    def moved(self) -> float:
        """How far white matter lies from where it is in the head, in shares of the contrast; the other scanner's."""
        return (self.other.white - self.head.white) / self.contrast

    @property
    def moved_t2(self) -> float:
        """The same of the other contrast."""
        return (self.t2.white - self.head.white) / self.contrast

    @property
    def off_zero(self) -> float:
        """How far white matter lies from 0 in T2, in shares of its distance from grey there."""
        return self.t2.white / (self.t2.grey - self.t2.white)

    @property
    def turned(self) -> float:
        """From grey to white matter in T2, in shares of the contrast: below 0 where their order is turned round."""
        return (self.t2.white - self.t2.grey) / self.contrast


def scaled(lesion: float) -> Mapping[str, Scaled]:
    """Each of `SCALES`, with a lesion of so many mm in the other scanner's head."""
    heads = healthy(), other_scanner(lesion), t2_weighted()
    stripes = ("t1", "t1", "t2")
    nyul = fit(Recipe((Line("nyul"),)), training_heads())
    recipes: Mapping[str, tuple[Recipe, ...]] = {
        "none": (Recipe(()),) * 3,
        "z-score": (Recipe((Line("zscore", inside="foreground"),)),) * 3,
        "white stripe": tuple(Recipe((Line("white_stripe", {"contrast": contrast}),)) for contrast in stripes),
        "nyul": (nyul,) * 3,
    }
    return {
        name: Scaled(*(_place(recipe, head) for recipe, head in zip(recipes[name], heads, strict=True)))
        for name in SCALES
    }


def _place(recipe: Recipe, head: Head) -> Place:
    result = apply(recipe, head.scan)
    white, grey = (float(np.mean(result.data[region], dtype=np.float64)) for region in (head.white, head.grey))
    return Place(result, white, grey)
