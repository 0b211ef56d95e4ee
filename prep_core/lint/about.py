"""What is known of the scans that a recipe is for, and what each line of it meets."""

from collections.abc import Iterator
from dataclasses import dataclass

from prep_core.inspection import Summary
from prep_core.line import Line
from prep_core.lint.reach import Reach, reach_after
from prep_core.recipe import Recipe

HU_REACH = (-1024.0, 3071.0)
"""The values of 12 stored bits with the intercept that nearly every CT has."""

PADDING = frozenset({"nodata", "missing_lines", "background"})
"""Findings that say: some of these values are no tissue, and nothing marks them."""


@dataclass(frozen=True)
class About:
    """What is known of the scans.

    Attributes
    ----------
    unit : of the values; "" where nobody knows
    reach : smallest and largest value; None where nobody knows
    sizes : length of each axis by its letter; None where nobody knows
    spacing : voxel size in mm, in the order of the spatial axes; None where nobody knows
    padded : whether values that are no tissue stand unmarked among the others
    smallest : size in mm of the smallest thing that must stay visible; None where nobody asked
    """

    unit: str = ""
    modality: str = ""
    reach: Reach | None = None
    sizes: dict[str, int] | None = None
    spacing: tuple[float, ...] | None = None
    padded: bool = False
    smallest: float | None = None


def about_recipe(recipe: Recipe, smallest: float | None = None) -> About:
    """What the recipe alone tells: its modality, and that CT is in HU."""
    if recipe.modality == "CT":
        return About("HU", "CT", HU_REACH, smallest=smallest)
    return About(modality=recipe.modality, smallest=smallest)


def about_scan(summary: Summary, smallest: float | None = None) -> About:
    """What a scan tells."""
    return About(
        summary.unit,
        summary.modality,
        (summary.min, summary.max),
        dict(zip(summary.axes, summary.shape, strict=True)),
        summary.spacing if summary.spacing_known else None,
        any(finding.name in PADDING for finding in summary.findings),
        smallest,
    )


@dataclass(frozen=True)
class Met:
    """A line, and what it meets.

    Attributes
    ----------
    number : of the line, counted from 1
    above, below : the other lines
    unit, reach : of the values that the line gets; "" and None where nobody knows
    """

    line: Line
    number: int
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    unit: str
    reach: Reach | None
    about: About

    @property
    def step(self) -> str:
        return self.line.step


def met(recipe: Recipe, about: About) -> Iterator[Met]:
    """Every line of `recipe` with what it meets."""
    unit, reach = about.unit, about.reach
    for i, line in enumerate(recipe.lines):
        yield Met(line, i + 1, recipe.lines[:i], recipe.lines[i + 1 :], unit, reach, about)
        reach = reach_after(line, reach)
        unit = line.spec.unit_after(line.params, unit)
