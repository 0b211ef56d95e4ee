"""A line of a recipe as a Python function, in NumPy, or as a call to prep_core where there is no short form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import indent

from prep_core.export.exported import CannotSayError
from prep_core.export.numpy_steps import NUMPY, Statistic
from prep_core.export.source import names_in
from prep_core.line import Line, digest
from prep_core.measure import PER
from prep_core.recipe import Recipe

GIVEN = ("image", "valid", "axes", "spacing", "orientation", "channels")
"""What a function may ask for, in the order of its arguments."""


@dataclass(frozen=True)
class Function:
    """One function of exported code.

    Attributes
    ----------
    asks, gives : tuple of str
        Which of `GIVEN` it takes and returns.
    calls_prep_core : bool
        Whether it is the recipe's own line, so that prep_core must be installed.
    """

    name: str
    source: str
    asks: tuple[str, ...]
    gives: tuple[str, ...] = ("image",)
    calls_prep_core: bool = False


def in_numpy(i: int, line: Line, first: bool) -> Function:
    """Line `i` in NumPy.

    Parameters
    ----------
    first : bool
        Whether the image still has the type that it came in.

    Raises
    ------
    CannotSayError
        Where the step has no short form.
    """
    if line.step not in NUMPY:
        raise CannotSayError("has no short form in NumPy")
    written = NUMPY[line.step](line)
    parts = [*_numbers(i, line, written.numbers, written.check)]
    if first:
        parts.append("image = single(image)")
    if line.spec.legal:
        low, high = line.spec.legal(line.params)
        parts.append(f"require(image, valid, {low!r}, {high!r})")
    return _function(f"line_{i}_{line.step}", _words(i, line), "\n".join([*parts, written.body]), written.gives)


def by_prep_core(i: int, lines: Sequence[Line]) -> Function:
    """Lines from `i` on as prep_core does them.

    Raises
    ------
    CannotSayError
        Where they leave something behind that an array cannot carry, or hold arrays.
    """
    for line in lines:
        if line.spec.domain in ("grid", "channels"):
            raise CannotSayError(_through_shapes(line, lines[0]))
        if line.fitted and line.fitted.arrays:
            raise CannotSayError("has fitted images or curves, which a text cannot hold; apply the recipe by prep_core")
    own = _alone(lines, i).to_yaml().splitlines(keepends=True)
    name = f"line_{i}_{lines[0].step}" if len(lines) == 1 else f"lines_{i}_to_{i + len(lines) - 1}"
    recipe = f"{name.upper()} = Recipe.from_yaml(\n{indent(chr(10).join(map(repr, own)), '    ')}\n)\n\n\n"
    body = f"return {name.upper()}(image, axes, spacing, valid=valid)"
    function = _function(name, f"{_words(i, lines[0])}  prep_core does it.", body, ("image",))
    return replace(function, source=recipe + function.source, calls_prep_core=True)


def _through_shapes(line: Line, first: Line) -> str:
    if line is first:
        return "changes the grid or the channels, and has no short form in NumPy"
    return f"makes a mask that goes through {line.step}, which a call on an array cannot carry"


def _alone(lines: Sequence[Line], i: int) -> Recipe:
    """`lines` as a recipe of their own; numbers that were fitted below other lines are told that these are now all."""
    kept: list[Line] = []
    for line in lines:
        fitted = replace(line.fitted, after=digest(kept)) if line.fitted else None
        kept.append(replace(line, fitted=fitted))
    return Recipe(tuple(kept), f"from line {i}")


def _function(name: str, words: str, body: str, gives: tuple[str, ...]) -> Function:
    names = names_in(body)
    asks = tuple(given for given in GIVEN if given in names)
    source = f'def {name}({", ".join(asks)}):\n    """{words}"""\n{indent(body, "    ")}\n'
    return Function(name, source, asks, gives)


def _words(i: int, line: Line) -> str:
    """What a line is; nothing that a stranger wrote, since it becomes part of a program."""
    if not line.spec.population:
        return f"Line {i}: {line.step}."
    pool = ", pool scans" if line.pool == "scans" else ""
    population = f"over {line.over}{pool}, per {line.per}, inside {line.inside}"
    frozen = f", frozen from {line.fitted.scans} scans" if line.fitted else ""
    return f"Line {i}: {line.step}, measured {population}{frozen}."


def _numbers(i: int, line: Line, numbers: Mapping[str, Statistic], check: tuple[str, str] | None) -> list[str]:
    """Statements that make the numbers."""
    if line.fitted:
        return [f"{name} = {_frozen(line, name)}" for name in numbers]
    if all(kind == "fixed" for kind, *_ in numbers.values()):
        return [f"{name} = np.float32({value})" for name, (_, value) in numbers.items()]
    complaint = (
        [f"if not np.all({check[0]}):\n    raise ValueError({f'line {i}: {line.step} {check[1]}'!r})"] if check else []
    )
    return [*_measured(line, numbers), *complaint]


def _frozen(line: Line, name: str) -> str:
    assert line.fitted is not None
    number = line.fitted.numbers[name]
    if isinstance(number, tuple):
        return f"frozen({number!r}, image, axes, {PER[line.per]!r})"
    return f"np.float32({number!r})"


def _measured(line: Line, numbers: Mapping[str, Statistic]) -> list[str]:
    if line.inside == "mask":
        raise CannotSayError("is measured inside the mask, which is made by prep_core alone")
    inside = {
        "all": "valid",
        "positive": "valid & (image > 0)",
        "foreground": "foreground(image, valid)",
    }[line.inside]
    if line.per == "all":
        calls = {name: f"{kind}({', '.join(('values', *more))})" for name, (kind, *more) in numbers.items()}
        return [f"values = voxels(image, {inside})", *(f"{name} = np.float32({call})" for name, call in calls.items())]
    split = f"axes, {PER[line.per]!r}"
    return [
        f"inside = {inside}",
        *(
            f"{name} = by_part(image, inside, {split}, {', '.join((kind, *more))})"
            for name, (kind, *more) in numbers.items()
        ),
    ]
