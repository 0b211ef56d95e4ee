"""A lock from the plain values of a recipe file: each key known, each value checked."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from prep_core.line import RecipeError
from prep_core.lock.lock import DDOF, MOST_VOXELS, PERCENTILES, Answer, Lock, Probe, Seal
from prep_core.scan import check_axes
from prep_core.shift.population import Population, Share, Values

Item = TypeVar("Item")

_LOCK = ("recipe", "steps", "lines", "versions", "percentiles", "ddof", "probe", "answer", "population")
_PROBE = ("axes", "shape", "spacing", "unit", "modality", "channels", "complex", "low", "high")
_ANSWER = ("axes", "shape", "sha256", "low", "mean", "high", "at", "values")
_VALUES = ("line", "spread", "median", "largest", "curve")


def lock_from(raw: Any) -> Lock:
    """The lock that `Lock.plain` gave as `raw`.

    Raises
    ------
    RecipeError
        "lock probe low must be a number, got 'x'"; what fit did not write is refused.
    """
    lock = _keys("lock", raw, _LOCK)
    _only("lock percentiles", lock["percentiles"], PERCENTILES)
    _only("lock ddof", lock["ddof"], DDOF)
    return Lock(
        Seal(
            _hex("lock recipe", lock["recipe"], 16),
            _hex("lock steps", lock["steps"], 16),
            _each("lock lines", lock["lines"], lambda where, value: _hex(where, value, 8)),
        ),
        _versions(lock["versions"]),
        _probe(lock["probe"]),
        _answer(lock["answer"]),
        _population(lock["population"]),
    )


def _versions(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict):
        raise _wrong("lock versions", "a mapping of names to versions", raw)
    return {name: _text(f"lock versions {name}", value) for name, value in raw.items()}


def _probe(raw: Any) -> Probe:
    where = "lock probe"
    probe = _keys(where, raw, _PROBE)
    shape = _each(f"{where} shape", probe["shape"], _count)
    try:
        check_axes(_text(f"{where} axes", probe["axes"]), len(shape))
    except ValueError as error:
        raise RecipeError(f"{where} {error}; fit the recipe again") from None
    if not 0 < math.prod(shape) <= MOST_VOXELS:
        raise _wrong(f"{where} shape", f"from 1 to {MOST_VOXELS} voxels", shape)
    spacing = _each(f"{where} spacing", probe["spacing"], _number)
    if len(spacing) not in (0, sum(axis in "ZYX" for axis in probe["axes"])) or min(spacing, default=1.0) <= 0:
        raise _wrong(f"{where} spacing", "a length above 0 for each of Z, Y, X that there is, or empty", spacing)
    if not isinstance(probe["complex"], bool):
        raise _wrong(f"{where} complex", "true or false", probe["complex"])
    return Probe(
        probe["axes"],
        shape,
        spacing,
        _text(f"{where} unit", probe["unit"]),
        _text(f"{where} modality", probe["modality"]),
        _each(f"{where} channels", probe["channels"], _text),
        probe["complex"],
        _number(f"{where} low", probe["low"]),
        _number(f"{where} high", probe["high"]),
    )


def _answer(raw: Any) -> Answer:
    where = "lock answer"
    if isinstance(raw, dict) and set(raw) == {"complaint"}:
        return Answer(complaint=_text(f"{where} complaint", raw["complaint"]))
    answer = _keys(where, raw, _ANSWER)
    low, mean, high = (_number(f"{where} {name}", answer[name]) for name in ("low", "mean", "high"))
    shape = _each(f"{where} shape", answer["shape"], _count)
    at = _each(f"{where} at", answer["at"], _count)
    values = _each(f"{where} values", answer["values"], _number)
    if len(at) != len(values) or not at or max(at) >= math.prod(shape):
        raise _wrong(f"{where} at", f"a place inside {math.prod(shape)} voxels for each of the values", at)
    sha256 = _hex(f"{where} sha256", answer["sha256"], 64)
    return Answer("", _text(f"{where} axes", answer["axes"]), shape, sha256, low, mean, high, at, values)


def _population(raw: Any) -> Population:
    where = "lock population"
    population = _keys(where, raw, ("scans", "percents", "values", "shares"))
    percents = _each(f"{where} percents", population["percents"], _number)
    if len(percents) < 2 or (percents[0], percents[-1]) != (0.0, 100.0) or not _rising(percents):
        raise _wrong(f"{where} percents", "rising from 0 to 100", percents)
    values = _each(f"{where} values", population["values"], lambda at, one: _values(at, one, len(percents)))
    if not values:
        raise _wrong(f"{where} values", "those of at least one line", [])
    shares = _each(f"{where} shares", population["shares"], _share)
    return Population(_count(f"{where} scans", population["scans"]), values, shares, percents)


def _values(where: str, raw: Any, length: int) -> Values:
    values = _keys(where, raw, _VALUES)
    curve = _each(f"{where} curve", values["curve"], _number)
    if len(curve) != length or any(b < a for a, b in pairwise(curve)):
        raise _wrong(f"{where} curve", f"{length} numbers that do not fall", curve)
    spread = _number(f"{where} spread", values["spread"])
    if spread <= 0:
        raise _wrong(f"{where} spread", "above 0", spread)
    median, largest = (
        None if values[name] is None else _number(f"{where} {name}", values[name]) for name in ("median", "largest")
    )
    return Values(_count(f"{where} line", values["line"]), curve, spread, median, largest)


def _share(where: str, raw: Any) -> Share:
    share = _keys(where, raw, ("line", "name", "share", "largest"))
    shares = (_number(f"{where} {name}", share[name]) for name in ("share", "largest"))
    return Share(_count(f"{where} line", share["line"]), _text(f"{where} name", share["name"]), *shares)


def _rising(numbers: Sequence[float]) -> bool:
    return all(a < b for a, b in pairwise(numbers))


def _keys(where: str, raw: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or set(raw) != set(names):
        found = ", ".join(map(str, raw)) if isinstance(raw, dict) else raw
        raise _wrong(where, f"a mapping of {', '.join(names)}", found)
    return raw


def _each(where: str, raw: Any, item: Callable[[str, Any], Item]) -> tuple[Item, ...]:
    if not isinstance(raw, list):
        raise _wrong(where, "a list", raw)
    return tuple(item(f"{where} {i}", value) for i, value in enumerate(raw, start=1))


def _number(where: str, raw: Any) -> float:
    if type(raw) not in (int, float):
        raise _wrong(where, "a number", raw)
    return float(raw)


def _count(where: str, raw: Any) -> int:
    if type(raw) is not int or raw < 0:
        raise _wrong(where, "a whole number from 0", raw)
    return raw


def _text(where: str, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _wrong(where, "text", raw)
    return raw


def _hex(where: str, raw: Any, digits: int) -> str:
    if not isinstance(raw, str) or not re.fullmatch(rf"[0-9a-f]{{{digits}}}", raw):
        raise _wrong(where, f"{digits} hex digits", raw)
    return raw


def _only(where: str, raw: Any, value: str | int) -> None:
    if type(raw) is not type(value) or raw != value:
        raise _wrong(where, str(value), raw)


def _wrong(where: str, rule: str, got: Any) -> RecipeError:
    return RecipeError(f"{where} must be {rule}, as fit writes it, got {str(got)[:80]!r}; fit the recipe again")
