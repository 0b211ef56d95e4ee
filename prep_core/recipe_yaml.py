"""A recipe as YAML: written with every default, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from prep_core.arrays import Array
from prep_core.line import Fitted, Line, Number, RecipeError
from prep_core.lock.lock import Lock
from prep_core.lock.reading import lock_from
from prep_core.param import brief, shown
from prep_core.strict_yaml import YamlError, load_mapping, needs_quotes

VERSION = 1
MAX_LINES = 50
MAX_TEXT = 200
_SHA256 = "sha256:"
_MEMBER = re.compile("[0-9a-f]{16}")


def parsed(text: str | bytes, arrays: Mapping[str, Array]) -> dict[str, Any]:
    """The fields of a recipe, from text.

    Parameters
    ----------
    arrays : mapping
        By their sha256, those that fitted lines name.

    Raises
    ------
    RecipeError
        For text that is no recipe; the complaint names line, step, parameter, rule and value.
    """
    try:
        raw = load_mapping(text)
    except YamlError as error:
        raise RecipeError(str(error)) from None
    _refuse_unknown(raw, ("prep", "name", "modality", "steps", "trained_on", "lock"), "the recipe")
    if raw.get("prep") != VERSION or isinstance(raw["prep"], bool):
        raise RecipeError(f"prep must be {VERSION}, got {shown(raw.get('prep'))}; a recipe begins with prep: {VERSION}")
    steps = raw.get("steps")
    if not isinstance(steps, list):
        raise RecipeError(f"steps must be a list of lines, got {type(steps).__name__}")
    return {
        "lines": tuple(_line(i, entry, arrays) for i, entry in enumerate(steps[: MAX_LINES + 1], start=1)),
        "name": _text(raw, "name", "recipe"),
        "modality": _text(raw, "modality", ""),
        "trained_on": _trained_on(raw.get("trained_on")),
        "lock": None if raw.get("lock") is None else lock_from(raw["lock"]),
    }


def written(
    lines: tuple[Line, ...], name: str, modality: str, trained_on: Mapping[str, Any] | None, lock: Lock | None
) -> str:
    """A recipe as text."""
    head = {"prep": VERSION, "name": name} | ({"modality": modality} if modality else {})
    tail = ({"trained_on": dict(trained_on)} if trained_on else {}) | ({"lock": lock.plain()} if lock else {})
    body = head | {"steps": [line.plain() for line in lines]} | tail
    return yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**6)


def checked_text(key: str, value: Any) -> str:
    """`value` of the name or the modality, which stand in one line of the file.

    Raises
    ------
    RecipeError
        For anything else; `as_name` makes a name of any text.
    """
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise RecipeError(f"{key} must be one line of text of at most {MAX_TEXT} characters")
    return value


def as_name(text: str) -> str:
    """`text` as a name that a recipe can have; "recipe" where nothing of it can be shown."""
    visible = "".join(character for character in text if character.isprintable() or character.isspace())
    return " ".join(visible.split())[:MAX_TEXT].strip() or "recipe"


class _Dumper(yaml.SafeDumper):
    """Block style for lines, one-line lists and fitted numbers, and floats that always look like floats."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flat)


def _represent_dict(dumper: yaml.SafeDumper, items: dict[str, Any]) -> yaml.Node:
    top = bool({"prep", "step", "probe", "percents"} & items.keys())
    return dumper.represent_mapping("tag:yaml.org,2002:map", items.items(), flow_style=not top)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # PyYAML quotes what YAML 1.1 would misread; Y and 1e3 are no text in other versions either.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if needs_quotes(text) else None)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(dict, _represent_dict)


def _line(i: int, raw: Any, arrays: Mapping[str, Array]) -> Line:
    if not isinstance(raw, dict) or not isinstance(raw.get("step"), str):
        raise RecipeError(f"line {i}: must be a mapping that begins with step: NAME")
    entry = dict(raw)
    step, fitted = entry.pop("step"), entry.pop("fitted", None)
    words = {word: entry.pop(word) for word in ("over", "pool", "per", "inside") if word in entry}
    if empty := [word for word, value in words.items() if value == ""]:
        raise RecipeError(f"line {i}: {step} {empty[0]} is empty; leave it out, or say one of its words")
    try:
        line = Line(step, entry, **words)
        return replace(line, fitted=_fitted(line, fitted, arrays)) if fitted is not None else line
    except RecipeError as error:
        raise RecipeError(f"line {i}: {error}") from None


def _fitted(line: Line, raw: Any, arrays: Mapping[str, Array]) -> Fitted:
    complaint = f"{line.step} fitted must hold numbers, scans, voxels and after, as fit writes them"
    keys = {"numbers", "scans", "voxels", "after"}
    if not isinstance(raw, dict) or not keys <= set(raw) <= keys | {"arrays"}:
        raise RecipeError(complaint)
    numbers, named = raw["numbers"], raw.get("arrays", {})
    if line.spec.measure is None or not isinstance(numbers, dict) or not isinstance(named, dict):
        raise RecipeError(complaint)
    names = line.spec.measure(**line.spec.arguments(line.spec.measure, line.params)).names
    counts = (raw["scans"], raw["voxels"])
    if {*numbers, *named} != set(names) or not all(type(n) is int and n >= 0 for n in counts):
        raise RecipeError(f"{complaint}; the numbers are {', '.join(names)}")
    values = {name: _number(f"{line.step} fitted {name}", numbers[name]) for name in names if name in numbers}
    found = {name: _array(f"{line.step} fitted {name}", named[name], arrays) for name in names if name in named}
    return Fitted(values, *counts, str(raw["after"]), found)


def _array(where: str, raw: Any, arrays: Mapping[str, Array]) -> Array:
    if not isinstance(raw, str) or not raw.startswith(_SHA256):
        raise RecipeError(f"{where} must be the sha256 of an array, as fit writes it, got {shown(raw)}")
    if raw.removeprefix(_SHA256) not in arrays:
        raise RecipeError(f"{where} is an array that lies beside the YAML; open the bundle (.zip) that fit wrote")
    return arrays[raw.removeprefix(_SHA256)]


def _number(where: str, raw: Any) -> Number:
    values = raw if isinstance(raw, list) else [raw]
    if not values or not all(type(v) in (int, float) for v in values):
        raise RecipeError(f"{where} must be a number or a list of numbers, got {shown(raw)}")
    return tuple(float(v) for v in raw) if isinstance(raw, list) else float(raw)


def _trained_on(raw: Any) -> Mapping[str, Any] | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not {"scans", "digest"} <= set(raw) <= {"scans", "digest", "members"}:
        raise RecipeError("trained_on must hold scans (a count), digest and members, as fit writes them")
    if type(raw["scans"]) is not int:
        raise RecipeError(f"trained_on scans must be a count, as fit writes it, got {shown(raw['scans'])}")
    members = {"members": _members(raw["members"])} if "members" in raw else {}
    return {"scans": raw["scans"], "digest": str(raw["digest"])} | members


def _members(raw: Any) -> list[str]:
    rule = "trained_on members must be a list of 16 hex digits each, as fit writes it"
    if not isinstance(raw, list):
        raise RecipeError(f"{rule}, got {shown(raw)}")
    for member in raw:
        if not isinstance(member, str) or not _MEMBER.fullmatch(member):
            raise RecipeError(f"{rule}, got {shown(member)}")
    return raw


def _text(raw: Mapping[str, Any], key: str, default: str) -> str:
    value = raw.get(key)
    return default if value is None else checked_text(key, value)


def _refuse_unknown(raw: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    if unknown := sorted(raw.keys() - set(known)):
        raise RecipeError(f"{what} has an unknown key {brief(', '.join(unknown))}; it has {', '.join(known)}")
