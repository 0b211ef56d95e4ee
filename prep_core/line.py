"""A line of a recipe: a step with its numbers, its population, and what was fitted."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from prep_core.arrays import Array
from prep_core.param import shown
from prep_core.steps import STEPS, Step

Number = float | tuple[float, ...]

_NEUTRAL: Mapping[str, str] = MappingProxyType({"over": "image", "pool": "voxels", "per": "all", "inside": "all"})
"""The words of a population, and what a line without them behaves like."""


class RecipeError(ValueError):
    """A complaint that names line, step, parameter, rule and value."""


@dataclass(frozen=True)
class Fitted:
    """Numbers measured over a training set, and frozen.

    Attributes
    ----------
    numbers : by name, one number, or one for each part where the line is split (`per`)
    scans, voxels : how much was measured
    after : digest of the lines above, for which alone the numbers are true
    arrays : by name, images and curves; the first axis counts the parts
    """

    numbers: Mapping[str, Number]
    scans: int
    voxels: int
    after: str
    arrays: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One step with every parameter written out, and its reference population if it measures.

    A word of the population that is not said is the step's first choice.

    Raises
    ------
    RecipeError
        When built with an unknown step or parameter, or a value outside its rule.
    """

    step: str
    params: Mapping[str, Any] = field(default_factory=dict)
    over: str = ""
    per: str = ""
    inside: str = ""
    pool: str = ""
    fitted: Fitted | None = None

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise RecipeError(f"unknown step {shown(self.step)}{_hint(self.step)}")
        try:
            object.__setattr__(self, "params", self.spec.parse(self.params))
        except ValueError as error:
            raise RecipeError(f"{self.step} {error}") from None
        for word, neutral in _NEUTRAL.items():
            object.__setattr__(self, word, self._said(word, getattr(self, word), neutral))
        if self.pool == "scans" and self.over != "dataset":
            raise RecipeError(
                f"{self.step} pool: scans weighs the scans of a training set alike, and over: {self.over} has one; "
                "say over: dataset, or leave pool out"
            )
        if self.fitted and self.over != "dataset":
            raise RecipeError(f"{self.step} has fitted numbers, so it must say over: dataset")

    def _said(self, word: str, value: str, neutral: str) -> str:
        choices = self.spec.population.get(word, (neutral,))
        if value == "":
            return choices[0]
        if value in choices:
            return value
        if word in self.spec.population:
            raise RecipeError(f"{self.step} {word} must be one of {', '.join(choices)}, got {shown(value)}")
        raise RecipeError(f"{self.step} {'has' if self.spec.measure else 'measures nothing, so it has'} no {word}")

    @property
    def spec(self) -> Step:
        return STEPS[self.step]

    @property
    def needs_fit(self) -> bool:
        return self.over == "dataset" and self.fitted is None

    @property
    def measures(self) -> bool:
        """Whether applying this line measures the scan at hand."""
        return self.spec.measure is not None and (self.over == "image" or self.spec.own is not None)

    def plain(self) -> dict[str, Any]:
        """As YAML holds it."""
        words = {word: getattr(self, word) for word in _NEUTRAL if word in self.spec.population}
        if self.pool == "voxels":
            words.pop("pool", None)  # recipes from before there was this word keep their digests
        fields = self.spec.fields
        said = {k: v for k, v in self.params.items() if not (fields[k].p.later and v == fields[k].default)}
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in said.items()}
        fitted = {"fitted": _plain_fitted(self.fitted)} if self.fitted else {}
        return {"step": self.step} | values | words | fitted


def digest(lines: Iterable[Line]) -> str:
    """16 hex digits of `lines` with all their numbers."""
    return _hashed([line.plain() for line in lines])


def measuring_digest(lines: Sequence[Line]) -> str:
    """16 hex digits of what the last of `lines` measures: as `digest`, without parameters that measuring ignores."""
    *above, last = lines
    ignored = set(last.params) - last.spec.measuring
    measures = {name: value for name, value in last.plain().items() if name not in ignored}
    return _hashed([*(line.plain() for line in above), measures])


def _hashed(plain: list[dict[str, Any]]) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain_fitted(fitted: Fitted) -> dict[str, Any]:
    numbers = {k: list(v) if isinstance(v, tuple) else v for k, v in fitted.numbers.items()}
    arrays = {k: f"sha256:{array.sha256}" for k, array in fitted.arrays.items()}
    counts = {"scans": fitted.scans, "voxels": fitted.voxels, "after": fitted.after}
    return {"numbers": numbers} | ({"arrays": arrays} if arrays else {}) | counts


def _hint(name: str) -> str:
    near = difflib.get_close_matches(name, STEPS, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(STEPS)}"
