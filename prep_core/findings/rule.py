"""What a rule is: a function that looks at a scan, and the words around what it sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from prep_core.findings.seen import Seen
from prep_core.scan import Finding


class Evidence(NamedTuple):
    """What a rule saw, as a sentence with numbers, and the parameters of the step that answers it, if any."""

    words: str
    params: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to notice.  Its name is that of its function, what it means is the function's docstring.

    Attributes
    ----------
    look : callable
        Gives the evidence, or None where there is nothing to tell.
    level : "note" or "warning"
        A warning is for what goes wrong without it.
    threshold : str
        When it fires, with the number.
    source : str
        Where the number is from.
    advice : str
        What to do, as a sentence; names in braces are those of the parameters.
    step : str
        The step that does it, where the evidence has parameters for one.
    """

    look: Callable[[Seen], Evidence | None]
    level: Literal["note", "warning"]
    threshold: str
    source: str
    advice: str
    step: str = ""

    @property
    def name(self) -> str:
        return self.look.__name__

    @property
    def meaning(self) -> str:
        """The first paragraph of the function's docstring."""
        return " ".join((self.look.__doc__ or "").split("\n\n")[0].split())

    def apply(self, seen: Seen) -> Finding | None:
        """The finding, where the rule has one."""
        evidence = self.look(seen)
        if evidence is None:
            return None
        params = dict(evidence.params or {})
        advice = self.advice.format(**params) if evidence.params is not None else self.advice
        return Finding(self.name, self.level, evidence.words, advice, self.step if params else "", params)
