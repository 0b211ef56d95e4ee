"""What a suggestion is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from prep_core.line import Line
from prep_core.recipe import Recipe

WIDTH = 100
"""Columns of a comment."""


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
    """

    taken_as: str
    lines: tuple[Reasoned, ...]
    modality: str

    @property
    def recipe(self) -> Recipe:
        return Recipe(tuple(reasoned.line for reasoned in self.lines), "suggested", self.modality)

    def to_yaml(self) -> str:
        """The recipe, with each reason as a comment above its line; it reads back to the same recipe."""
        reasons = iter(self.lines)
        rows: list[str] = list(_comment(self.taken_as))
        for row in self.recipe.to_yaml().splitlines():
            if row.startswith("- step: "):
                rows += _comment(next(reasons).reason)
            rows.append(row)
        return "\n".join([*rows, ""])


def reasoned(step: str, reason: str, params: Mapping[str, Any] | None = None, per: str = "") -> Reasoned:
    """A line of `step`, with its reason."""
    return Reasoned(Line(step, params or {}, per=per), reason)


def _comment(words: str) -> Iterator[str]:
    # A reason may quote a file; a line break in it would end the comment.
    return iter(wrap(" ".join(words.split()), WIDTH, initial_indent="# ", subsequent_indent="# "))
