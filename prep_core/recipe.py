"""A recipe: steps in order, with every number written out."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

import yaml

from prep_core.measure import INSIDE, PER
from prep_core.steps import STEPS, Step
from prep_core.strict_yaml import YamlError, load_mapping, needs_quotes

VERSION = 1
MAX_LINES = 50
MAX_TEXT = 200

Over = Literal["image", "dataset"]
Number = float | tuple[float, ...]


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
    """

    numbers: Mapping[str, Number]
    scans: int
    voxels: int
    after: str


@dataclass(frozen=True)
class Line:
    """One step with every parameter written out, and its reference population if it measures.

    Raises
    ------
    RecipeError
        When built with an unknown step or parameter, or a value outside its rule.
    """

    step: str
    params: Mapping[str, Any] = field(default_factory=dict)
    over: Over = "image"
    per: str = "all"
    inside: str = "all"
    fitted: Fitted | None = None

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise RecipeError(f"unknown step {self.step!r}{_hint(self.step)}")
        try:
            object.__setattr__(self, "params", self.spec.parse(self.params))
        except ValueError as error:
            raise RecipeError(f"{self.step} {error}") from None
        population = {"over": get_args(Over), "per": tuple(PER), "inside": INSIDE}
        for word, choices in population.items():
            value = getattr(self, word)
            if value not in choices:
                raise RecipeError(f"{self.step} {word} must be one of {', '.join(choices)}, got {value!r}")
            if self.spec.measure is None and value != choices[0]:
                raise RecipeError(f"{self.step} measures nothing, so it has no {word}")
        if self.fitted and self.over != "dataset":
            raise RecipeError(f"{self.step} has fitted numbers, so it must say over: dataset")

    @property
    def spec(self) -> Step:
        return STEPS[self.step]

    @property
    def needs_fit(self) -> bool:
        return self.over == "dataset" and self.fitted is None

    @property
    def measures(self) -> bool:
        """Whether applying this line measures the scan at hand."""
        return self.spec.measure is not None and self.over == "image"

    def plain(self) -> dict[str, Any]:
        """As YAML holds it."""
        words = {} if self.spec.measure is None else {"over": self.over, "per": self.per, "inside": self.inside}
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in self.params.items()}
        fitted = {"fitted": _plain_fitted(self.fitted)} if self.fitted else {}
        return {"step": self.step} | values | words | fitted


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
    def from_yaml(cls, text: str | bytes) -> Self:
        """Read a recipe.

        Raises
        ------
        RecipeError
            For text that is no recipe; the complaint names line, step, parameter, rule and value.
        """
        try:
            raw = load_mapping(text)
        except YamlError as error:
            raise RecipeError(str(error)) from None
        _refuse_unknown(raw, ("prep", "name", "modality", "steps", "trained_on"), "the recipe")
        if raw.get("prep") != VERSION or isinstance(raw["prep"], bool):
            raise RecipeError(f"prep must be {VERSION}, got {raw.get('prep')!r}; a recipe begins with prep: {VERSION}")
        steps = raw.get("steps")
        if not isinstance(steps, list):
            raise RecipeError(f"steps must be a list of lines, got {type(steps).__name__}")
        lines = tuple(_line(i, entry) for i, entry in enumerate(steps[: MAX_LINES + 1], start=1))
        return cls(
            lines,
            _text(raw, "name", "recipe"),
            _text(raw, "modality", ""),
            _trained_on(raw.get("trained_on")),
        )

    def to_yaml(self) -> str:
        """Write the recipe with every default; reading it back gives an equal recipe, bit for bit."""
        head = {"prep": VERSION, "name": self.name} | ({"modality": self.modality} if self.modality else {})
        tail = {"trained_on": dict(self.trained_on)} if self.trained_on else {}
        body = head | {"steps": [line.plain() for line in self.lines]} | tail
        return yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)

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


def digest(lines: Iterable[Line]) -> str:
    """16 hex digits of `lines` with all their numbers."""
    text = json.dumps([line.plain() for line in lines], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class _Dumper(yaml.SafeDumper):
    """Block style for lines, one-line lists and fitted numbers, and floats that always look like floats."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


def _represent_dict(dumper: yaml.SafeDumper, items: dict[str, Any]) -> yaml.Node:
    top = "prep" in items or "step" in items
    return dumper.represent_mapping("tag:yaml.org,2002:map", items.items(), flow_style=not top)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # PyYAML quotes what YAML 1.1 would misread; Y and 1e3 are no text in other versions either.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if needs_quotes(text) else None)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(dict, _represent_dict)


def _line(i: int, raw: Any) -> Line:
    if not isinstance(raw, dict) or not isinstance(raw.get("step"), str):
        raise RecipeError(f"line {i}: must be a mapping that begins with step: NAME")
    entry = dict(raw)
    step, fitted = entry.pop("step"), entry.pop("fitted", None)
    words = {word: entry.pop(word) for word in ("over", "per", "inside") if word in entry}
    try:
        line = Line(step, entry, **words)
        return replace(line, fitted=_fitted(line, fitted)) if fitted is not None else line
    except RecipeError as error:
        raise RecipeError(f"line {i}: {error}") from None


def _fitted(line: Line, raw: Any) -> Fitted:
    complaint = f"{line.step} fitted must hold numbers, scans, voxels and after, as fit writes them"
    if not isinstance(raw, dict) or set(raw) != {"numbers", "scans", "voxels", "after"}:
        raise RecipeError(complaint)
    numbers = raw["numbers"]
    if line.spec.measure is None or not isinstance(numbers, dict):
        raise RecipeError(complaint)
    names = line.spec.accumulator(line.params).names
    counts = (raw["scans"], raw["voxels"])
    if set(numbers) != set(names) or not all(type(n) is int and n >= 0 for n in counts):
        raise RecipeError(f"{complaint}; the numbers are {', '.join(names)}")
    parsed = {name: _number(f"{line.step} fitted {name}", numbers[name]) for name in names}
    return Fitted(parsed, *counts, str(raw["after"]))


def _number(where: str, raw: Any) -> Number:
    values = raw if isinstance(raw, list) else [raw]
    if not values or not all(type(v) in (int, float) for v in values):
        raise RecipeError(f"{where} must be a number or a list of numbers, got {str(raw)[:60]}")
    return tuple(float(v) for v in raw) if isinstance(raw, list) else float(raw)


def _trained_on(raw: Any) -> Mapping[str, Any] | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) != {"scans", "digest"} or type(raw["scans"]) is not int:
        raise RecipeError("trained_on must hold scans (a count) and digest, as fit writes them")
    return {"scans": raw["scans"], "digest": str(raw["digest"])}


def _plain_fitted(fitted: Fitted) -> dict[str, Any]:
    numbers = {k: list(v) if isinstance(v, tuple) else v for k, v in fitted.numbers.items()}
    return {"numbers": numbers, "scans": fitted.scans, "voxels": fitted.voxels, "after": fitted.after}


def _text(raw: Mapping[str, Any], key: str, default: str) -> str:
    value = raw.get(key)
    if value is None:
        return default
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise RecipeError(f"{key} must be one line of text of at most {MAX_TEXT} characters")
    return value


def _refuse_unknown(raw: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    if unknown := sorted(raw.keys() - set(known)):
        raise RecipeError(f"{what} has an unknown key {', '.join(unknown)[:80]}; it has {', '.join(known)}")


def _hint(name: str) -> str:
    near = difflib.get_close_matches(name, STEPS, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(STEPS)}"
