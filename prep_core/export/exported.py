"""What an export is, and why there may be none."""

from collections.abc import Sequence
from dataclasses import dataclass

from prep_core.line import Line, RecipeError
from prep_core.recipe import Recipe


@dataclass(frozen=True)
class Exported:
    """A recipe in the words of another program.

    Attributes
    ----------
    text : str
        Code or configuration.
    ending : str
        Of a file that holds it, with the dot.
    notes : tuple of str
        What the target cannot say or says a little differently, a sentence each.
    """

    text: str
    ending: str
    notes: tuple[str, ...] = ()


class ExportError(RecipeError):
    """The target cannot do what the recipe says.

    Attributes
    ----------
    reasons : tuple of str
        One for each line that it cannot do: "line 2: gamma ...".
    """

    def __init__(self, target: str, reasons: Sequence[str]) -> None:
        super().__init__(f"{target} cannot do this recipe exactly: {'; '.join(reasons)}")
        self.reasons = tuple(reasons)


class CannotSayError(ValueError):
    """Why a line has no form in a target; the sentence follows the name of its step."""


def unfit(recipe: Recipe) -> list[str]:
    """A reason for each line whose numbers are not known yet."""
    return [
        f"line {i}: {recipe.lines[i - 1].step} is measured over a dataset; fit the recipe on the training scans first"
        for i in recipe.waiting
    ]


def named(i: int, line: Line, words: str) -> str:
    return f"line {i}: {line.step} {words}"


def title(recipe: Recipe) -> str:
    """One line for the head of an exported file."""
    return f"{recipe.name}: {len(recipe.lines)} lines, digest {recipe.digest}"
