"""What a suggestion is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prep_core.explained import explained
from prep_core.line import Line
from prep_core.recipe import Recipe


@dataclass(frozen=True)
class Reasoned:
    """A line, and why it is suggested: a sentence with numbers of the scan."""

    line: Line
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A recipe to begin with.

    Attributes
    ----------
    taken_as : what the scan was taken for, as a sentence
    modality : the DICOM code of the scan, "" where nobody knows
    unit : of the scan
    """

    taken_as: str
    lines: tuple[Reasoned, ...]
    modality: str
    unit: str

    @property
    def recipe(self) -> Recipe:
        return Recipe(tuple(reasoned.line for reasoned in self.lines), "suggested", self.modality)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Of each line."""
        return tuple(reasoned.reason for reasoned in self.lines)

    def to_yaml(self) -> str:
        """The recipe with comments, each reason above its line; it reads back to the same recipe."""
        return explained(self.recipe, self.unit, self.reasons, self.taken_as)


def reasoned(step: str, reason: str, params: Mapping[str, Any] | None = None, per: str = "") -> Reasoned:
    """A line of `step`, with its reason."""
    return Reasoned(Line(step, params or {}, per=per), reason)
