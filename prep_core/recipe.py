"""A recipe: steps in order, with every number written out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from prep_core.arrays import Array
from prep_core.line import Line, RecipeError, digest
from prep_core.recipe_yaml import MAX_LINES, parsed, written


@dataclass(frozen=True)
class Recipe:
    """Lines in order, a name, and what it was fitted on."""

    lines: tuple[Line, ...] = ()
    name: str = "recipe"
    modality: str = ""
    trained_on: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if len(self.lines) > MAX_LINES:
            raise RecipeError(f"a recipe may have {MAX_LINES} lines, this has {len(self.lines)}")
        for i, line in enumerate(self.lines):
            if line.fitted and line.fitted.after != digest(self.lines[:i]):
                raise RecipeError(f"line {i + 1}: {line.step} was fitted below other lines; fit the recipe again")

    @classmethod
    def from_yaml(cls, text: str | bytes, arrays: Mapping[str, Array] | None = None) -> Self:
        """Read a recipe.

        Parameters
        ----------
        arrays : mapping, optional
            By their sha256, the arrays that fitted lines name; a bundle holds them.

        Raises
        ------
        RecipeError
            For text that is no recipe; the complaint names line, step, parameter, rule and value.
        """
        return cls(**parsed(text, arrays or {}))

    def to_yaml(self) -> str:
        """Write the recipe with every default; reading it back gives an equal recipe, bit for bit."""
        return written(self.lines, self.name, self.modality, self.trained_on)

    @property
    def arrays(self) -> dict[str, Array]:
        """By their sha256, the arrays that lie beside the YAML."""
        return {a.sha256: a for line in self.lines if line.fitted for a in line.fitted.arrays.values()}

    @property
    def waiting(self) -> tuple[int, ...]:
        """The lines, counted from 1, that are to be measured over a dataset and are not fitted yet."""
        return tuple(i for i, line in enumerate(self.lines, start=1) if line.needs_fit)

    @property
    def digest(self) -> str:
        """16 hex digits that name what the lines do, whatever the recipe is called."""
        return digest(self.lines)

    def edited(self, lines: Iterable[Line]) -> Self:
        """This recipe with other lines.  Numbers fitted below lines that changed are no longer true, so they go."""
        kept: list[Line] = []
        for line in lines:
            stale = line.fitted and line.fitted.after != digest(kept)
            kept.append(replace(line, fitted=None) if stale else line)
        trained_on = self.trained_on if any(line.fitted for line in kept) else None
        return replace(self, lines=tuple(kept), trained_on=trained_on)
