"""What a recipe preset is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.explained import explained
from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.scan import Scan
from prep_core.suggesting import Reasoned


@dataclass(frozen=True)
class RecipePreset:
    """The preprocessing of a known program or paper, as a recipe.

    Attributes
    ----------
    key : names the preset on the command line, and the recipe
    name : what people call it
    suits : which scans it is for
    source : what does so, with its formula where one is needed
    link : where that can be read
    fits : whether a scan is one of those
    modality : DICOM code of the scans, "" where there are several
    """

    key: str
    name: str
    suits: str
    source: str
    link: str
    lines: tuple[Reasoned, ...]
    fits: Callable[[Scan], bool]
    modality: str = ""

    @property
    def recipe(self) -> Recipe:
        return Recipe(tuple(reasoned.line for reasoned in self.lines), self.key, self.modality)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Of each line."""
        return tuple(reasoned.reason for reasoned in self.lines)

    def to_yaml(self) -> str:
        """The recipe with comments; it reads back to the same recipe."""
        return explained(self.recipe, "", self.reasons, f"{self.name}: {self.source} {self.link}")


def because(
    reason: str,
    step: str,
    params: Mapping[str, Any] | None = None,
    *,
    over: str = "",
    per: str = "",
    inside: str = "",
) -> Reasoned:
    """A line, and why it is there."""
    return Reasoned(Line(step, params or {}, over, per, inside), reason)


def of_modality(*codes: str) -> Callable[[Scan], bool]:
    """Whether a scan has one of these DICOM codes."""
    return lambda scan: scan.modality in codes
