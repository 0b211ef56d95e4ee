"""What a rule for recipes is, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass

from prep_core.lint.about import Met


@dataclass(frozen=True)
class Concern:
    """Something about a line that probably is not meant.

    Attributes
    ----------
    line : int
        Which line, counted from 1.
    rule : str
        The rule's name.
    message : str
        What is odd, with its numbers, and what to do.
    """

    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message} [{self.rule}]"


@dataclass(frozen=True)
class Rule:
    """One mistake to look for.  Its name is that of its function, what it means is the function's docstring.

    Attributes
    ----------
    look : callable
        Gives what is odd about a line and what to do, as a sentence; None where nothing is.
    reason : str
        What goes wrong.
    source : str
        Where that is from.
    """

    look: Callable[[Met], str | None]
    reason: str
    source: str

    @property
    def name(self) -> str:
        return self.look.__name__

    @property
    def meaning(self) -> str:
        """The first paragraph of the function's docstring."""
        return " ".join((self.look.__doc__ or "").split("\n\n")[0].split())

    def concern(self, met: Met) -> Concern | None:
        message = self.look(met)
        return Concern(met.number, self.name, f"{met.step} {message}") if message else None
