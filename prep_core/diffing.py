"""How two recipes differ: line by line with old and new values, and as a unified diff of their YAML."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from prep_core.line import Line
from prep_core.recipe import Recipe

Kind = Literal["added", "removed", "moved", "changed"]

LONGEST_LIST = 6
"""Numbers of a list that are spelled out; of a longer one, the first and how many there are."""


@dataclass(frozen=True)
class Change:
    """One value in both recipes; None where a recipe has none."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class LineChange:
    """One line that is not the same in both.

    Attributes
    ----------
    old, new : its number in the first and in the second recipe, counted from 1; None where it is not there
    values : what changed in it; of a line that was added or removed, all that it says
    """

    kind: Kind
    step: str
    old: int | None
    new: int | None
    values: tuple[Change, ...]


@dataclass(frozen=True)
class RecipeDiff:
    """How a second recipe differs from a first.

    Attributes
    ----------
    head : name, modality, what it was fitted on, and its lock; none of them changes a result
    lines : in the order of the recipes
    """

    head: tuple[Change, ...]
    lines: tuple[LineChange, ...]

    @property
    def same_lines(self) -> bool:
        """Whether both give the same bytes for the same scan."""
        return not self.lines

    @property
    def same(self) -> bool:
        return not (self.head or self.lines)

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"same": self.same, "same_lines": self.same_lines} | asdict(self)


def diff(first: Recipe, second: Recipe) -> RecipeDiff:
    """What must be done to `first` to make it `second`.

    Lines are paired so that the fewest are added and removed, and of those pairings the one with the fewest changed
    values is taken.  A line that left one place and stands at another with the same parameters has moved.
    """
    pairs = list(_paired(first.lines, second.lines))
    gone_to = dict(_moved(pairs, first.lines, second.lines))
    arrived = set(gone_to.values())
    lines = []
    for old, new in pairs:
        if old is None and new in arrived:
            continue
        there = gone_to.get(old, new) if old is not None else new
        change = _line_change(first.lines, second.lines, old, there, old in gone_to)
        lines.extend([change] if change else [])
    return RecipeDiff(_changes(_head(first), _head(second)), tuple(lines))


def unified(first: Recipe, second: Recipe, names: tuple[str, str]) -> str:
    """The unified diff of both recipes as YAML; empty where the texts are equal."""
    one, other = (recipe.to_yaml().splitlines(keepends=True) for recipe in (first, second))
    return "".join(difflib.unified_diff(one, other, *names))


def sentences(found: RecipeDiff) -> list[str]:
    """The differences in words, one each."""
    words = [f"{change.name}: {_said(change)}" for change in found.head]
    for line in found.lines:
        values = [f"{change.name} {_said(change)}" for change in line.values]
        words.append(f"{where(line)}: {line.step}")
        words.extend(f"  {value}" for value in values)
    return words


def where(line: LineChange) -> str:
    """Which line it is and what happened to it: by its number in the first recipe, then that in the second."""
    if line.kind == "moved":
        return f"line {line.old} moved to {line.new}"
    now = f", now line {line.new}" if line.kind == "changed" and line.new != line.old else ""
    return f"line {line.old or line.new} {line.kind}{now}"


def shown(value: Any) -> str:
    """A value as a recipe writes it, long lists cut short; "none" where there is none."""
    if value is None:
        return "none"
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return f"{', '.join(map(shown, value[:3]))}, ... ({len(value)} values)"
    return value if isinstance(value, str) and value else json.dumps(value)


def _said(change: Change) -> str:
    if change.old is None:
        return shown(change.new)
    return f"{shown(change.old)} -> {shown(change.new)}"


def _paired(first: Sequence[Line], second: Sequence[Line]) -> Iterator[tuple[int | None, int | None]]:
    """The places, from 0, of lines that belong together, in order; None for what stands in one recipe alone."""
    i, j, cost = len(first), len(second), _costs(first, second)
    backwards: list[tuple[int | None, int | None]] = []
    while i or j:
        if i and j and cost[i][j] == _sum(cost[i - 1][j - 1], _apart(first[i - 1], second[j - 1])):
            i, j = i - 1, j - 1
            backwards.append((i, j))
        elif j and cost[i][j] == _sum(cost[i][j - 1], (1, 0)):
            j -= 1
            backwards.append((None, j))
        else:
            i -= 1
            backwards.append((i, None))
    return reversed(backwards)


Cost = tuple[int, int]
"""Lines added and removed, then values changed: the first weighs more than any number of the second."""


def _costs(first: Sequence[Line], second: Sequence[Line]) -> list[list[Cost]]:
    """What it costs at least to make the first i lines of one the first j of the other (Wagner and Fischer, 1974)."""
    cost: list[list[Cost]] = [[(j, 0) for j in range(len(second) + 1)]]
    for i, line in enumerate(first, start=1):
        row: list[Cost] = [(i, 0)]
        for j, other in enumerate(second, start=1):
            both = _sum(cost[i - 1][j - 1], _apart(line, other))
            row.append(min(both, _sum(cost[i - 1][j], (1, 0)), _sum(row[j - 1], (1, 0))))
        cost.append(row)
    return cost


def _apart(line: Line, other: Line) -> Cost:
    """What it costs to make `line` the `other`: two whole lines where the step is another."""
    return (0, len(_changes(_values(line), _values(other)))) if line.step == other.step else (2, 1)


def _sum(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1]


def _moved(
    pairs: Sequence[tuple[int | None, int | None]], first: Sequence[Line], second: Sequence[Line]
) -> list[tuple[int, int]]:
    """Of the lines without a partner, those that are the same but for their place and what was fitted there."""
    waiting = [new for old, new in pairs if old is None and new is not None]
    found = []
    for old, new in pairs:
        if old is None or new is not None:
            continue
        twin = next((i for i in waiting if _typed(second[i]) == _typed(first[old])), None)
        if twin is not None:
            waiting.remove(twin)
            found.append((old, twin))
    return found


def _line_change(
    first: Sequence[Line], second: Sequence[Line], old: int | None, new: int | None, has_moved: bool
) -> LineChange | None:
    before = {} if old is None else _values(first[old])
    after = {} if new is None else _values(second[new])
    values = _changes(before, after)
    if old is not None and new is not None and not (values or has_moved):
        return None
    kind: Kind = "added" if old is None else "removed" if new is None else "moved" if has_moved else "changed"
    step = first[old].step if old is not None else second[new or 0].step
    return LineChange(kind, step, None if old is None else old + 1, None if new is None else new + 1, values)


def _typed(line: Line) -> dict[str, Any]:
    """What somebody wrote: all but what was fitted."""
    return {name: value for name, value in line.plain().items() if name != "fitted"}


def _values(line: Line) -> dict[str, Any]:
    """Everything that a line says, by name; fitted numbers one by one, without the digest of the lines above."""
    typed = {name: value for name, value in _typed(line).items() if name != "step"}
    fitted = dict(line.plain().get("fitted", {}))
    numbers = {**fitted.pop("numbers", {}), **fitted.pop("arrays", {})}
    counts = {name: fitted[name] for name in ("scans", "voxels") if name in fitted}
    return typed | {f"fitted {name}": value for name, value in {**numbers, **counts}.items()}


def _head(recipe: Recipe) -> dict[str, Any]:
    named = {"name": recipe.name, "modality": recipe.modality or None}
    trained = {f"trained_on {name}": value for name, value in (recipe.trained_on or {}).items()}
    return named | trained | ({"lock": _short_digest(recipe.lock.plain())} if recipe.lock else {})


def _short_digest(plain: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    names = dict.fromkeys([*before, *after])
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    # As text, because -0.0 equals 0.0 and gives other bytes.
    return tuple(Change(name, old, new) for name, old, new in pairs if repr(old) != repr(new))
