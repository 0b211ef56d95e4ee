"""What a parameter is: a type, limits, and the words that a user reads."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import signature
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from annotated_types import BaseMetadata, Ge, GroupedMetadata, Le


@dataclass(frozen=True, slots=True)
class P(GroupedMetadata):
    """The second half of ``Annotated[float, P(...)]``: what a value means and how far it may go.

    `limits` are law: a value outside is refused.  `soft` is where its slider ends.  `when` names another parameter and
    the value of it with which alone this one matters.  `parts` names the numbers of a tuple.  `later` is for what
    joined a step that recipes had before: it is written only where it is not the default (decision 0023).
    """

    help: str
    limits: tuple[float, float] | None = None
    unit: str = ""
    soft: tuple[float, float] | None = None
    when: tuple[str, str] | None = None
    parts: tuple[str, ...] = ()
    later: bool = False

    def __iter__(self) -> Iterator[BaseMetadata]:  # the form in which Hypothesis reads limits
        if self.limits is not None:
            yield from (Ge(self.limits[0]), Le(self.limits[1]))


@dataclass(frozen=True, slots=True)
class Field:
    """One keyword of a step: float, int, bool, str, Literal, or a tuple of floats."""

    name: str
    type: Any
    default: Any
    p: P

    @property
    def choices(self) -> tuple[Any, ...]:
        return get_args(self.type) if get_origin(self.type) is Literal else ()

    @property
    def length(self) -> int:
        """How many numbers a tuple holds; 0 for any other type."""
        return len(get_args(self.type)) if get_origin(self.type) is tuple else 0

    @property
    def kind(self) -> str:
        """The type in one word, as the command line, the docs and the widgets name it."""
        if self.choices:
            return "choice"
        return f"{self.length} floats" if self.length else str(self.type.__name__)

    @property
    def rule(self) -> str:
        """What a value must be, in words: "float from 0 to 100 %"."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        words = {"bool": "true or false", "str": "text"}.get(self.kind, self.kind)
        if self.p.limits is None:
            return words
        low, high = self.p.limits
        return f"{words} from {low:g} to {high:g} {self.p.unit}".rstrip()

    def parse(self, raw: Any) -> Any:
        """Return `raw` as a value of this field.

        Raises
        ------
        ValueError
            Naming the field, the rule and the value.
        """
        if self.choices or self.type in (bool, str):
            ok = raw in self.choices if self.choices else isinstance(raw, self.type)
            value = raw
        elif self.length:
            ok = isinstance(raw, list | tuple) and len(raw) == self.length and all(map(self._is_number, raw))
            value = tuple(float(v) for v in raw) if ok else raw
        else:
            ok = self._is_number(raw) and self.type(raw) == raw
            value = self.type(raw) if ok else raw
        if not ok or (self.choices and isinstance(raw, bool)):
            raise ValueError(f"{self.name} must be {self.rule}, got {shown(raw)}")
        return value

    def _is_number(self, raw: Any) -> bool:
        low, high = self.p.limits or (-math.inf, math.inf)
        return type(raw) in (int, float) and low <= raw <= high


@cache
def fields_of(function: Callable[..., Any]) -> Mapping[str, Field]:
    """The keyword-only parameters of `function`, read off its own signature."""
    hints = get_type_hints(function, include_extras=True)
    keywords = [p for p in signature(function).parameters.values() if p.kind is p.KEYWORD_ONLY]
    return MappingProxyType({p.name: _field(p.name, hints[p.name], p.default) for p in keywords})


def parse_all(fields: Mapping[str, Field], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values for all of `fields`: those in `raw`, and defaults for the rest.

    Raises
    ------
    ValueError
        For a name that is not a field, or a value that its field refuses.
    """
    if unknown := sorted(str(name) for name in raw.keys() - fields.keys()):
        raise ValueError(f"has no parameter {brief(', '.join(unknown))}; it has {', '.join(fields) or 'none'}")
    return {name: field.parse(raw.get(name, field.default)) for name, field in fields.items()}


def _field(name: str, hint: Any, default: Any) -> Field:
    (words,) = hint.__metadata__
    return Field(name, hint.__origin__, default, words)


def shown(raw: Any) -> str:
    """A value as a complaint repeats it: texts in quotes, and not too long."""
    return brief(repr(raw) if isinstance(raw, str) else str(raw))


def brief(text: str) -> str:
    """`text`, fit to stand in a sentence: no control characters, at most 60 characters."""
    start = text if len(text) <= 60 else text[:57] + "..."
    return "".join(character if character.isprintable() else "?" for character in start)
