"""A recipe as YAML whose comments say what each line does, on whom it is measured, and what was found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import cast

import yaml

from prep_core.arrays import Array
from prep_core.line import Fitted, Line, Number
from prep_core.measuring import Measured
from prep_core.param import Field
from prep_core.recipe import Recipe

WIDTH = 80
"""Columns of a comment that has lines of its own."""

ALIGNED = 36
"""Columns up to which comments behind parameters stand below each other."""

LONGEST = 100
"""Columns of a parameter with its comment; a longer comment stands above it."""

MOST_PARTS = 8
"""Numbers of one name that a comment repeats."""

EXPLAINS = '# What stands behind "#" explains, and changes nothing.'
IMAGE_UNITS = "image units"
OVER: Mapping[str, str] = {"image": "each scan alone", "dataset": "the training set"}
PER: Mapping[str, str] = {
    "all": "all of it together",
    "channel": "each channel for itself",
    "frame": "each frame for itself",
    "plane": "each plane for itself",
    "pixel": "each pixel for itself",
}
INSIDE: Mapping[str, str] = {
    "all": "every voxel",
    "positive": "the positive voxels",
    "foreground": "the foreground (Otsu)",
    "mask": "the mask that a line above made",
}


def explained(recipe: Recipe, unit: str = "", reasons: Sequence[str] = (), opening: str = "") -> str:
    """YAML of `recipe` with comments; it reads back to the same recipe, and without them it is `to_yaml`.

    Parameters
    ----------
    unit : str
        Of the values that the first line gets; "" where nobody knows.
    reasons : sequence of str
        Why each line is there; "" where nobody said, and nothing at all where that is so for every line.
    opening : str
        A sentence to begin with.
    """
    text = recipe.to_yaml()
    # The lines alone are how the whole text begins; lists of training scans, which may be long, are not looked through.
    head = replace(recipe, trained_on=None, lock=None).to_yaml()
    why = tuple(reasons) or ("",) * len(recipe.lines)
    above, behind = _comments(recipe, head, unit, why)
    above[0] = [*_block(opening, "# "), EXPLAINS]
    rows = head.splitlines()
    written = [row for i, line in enumerate(rows) for row in (*above.get(i, ()), _with(line, behind.get(i)))]
    return "\n".join([*written, *_tail(recipe), ""]) + text[len(head) :]


def population(line: Line) -> str:
    """Who is measured, as a sentence; "" for a line that looks at no population."""
    if line.spec.measure is None:
        return f"It works from {INSIDE[line.inside]}." if line.spec.population else ""
    alike = ", each scan counting alike" if line.pool == "scans" else ""
    own = "; each scan's own are measured as well" if line.spec.own else ""
    return (
        f"Measured over {OVER[line.over]}{alike}, {PER[line.per]}, from {INSIDE[line.inside]}; "
        f"padding never counts{own}."
    )


def unit_change(line: Line, before: str) -> str:
    """What becomes of the unit, as a sentence; "" where it stays or nobody knows it."""
    after = line.spec.unit_after(line.params, before)
    if after == before or not after:
        return ""
    return "The result has no unit." if after == "1" else f"The result is in {after.rstrip('.')}."


def measured_words(fitted: Fitted) -> str:
    """What was measured, as a sentence."""
    return f"Measured on {_scans(fitted.scans)}, {fitted.voxels} voxels: {number_words(fitted)}."


def number_words(found: Fitted | Measured) -> str:
    """The numbers that were measured, by their names."""
    numbers = (f"{name} {_number(value)}" for name, value in found.numbers.items())
    arrays = (f"{name} {_shape(array)}" for name, array in found.arrays.items())
    return ", ".join((*numbers, *arrays))


def _comments(
    recipe: Recipe, head: str, unit: str, reasons: Sequence[str]
) -> tuple[dict[int, list[str]], dict[int, tuple[str, int]]]:
    """By the row of the text: the comments above it, and the one behind it with its column."""
    root = cast(yaml.MappingNode, yaml.compose(head, Loader=yaml.SafeLoader))
    top = {key.value: value for key, value in root.value}
    above: dict[int, list[str]] = {}
    behind: dict[int, tuple[str, int]] = {}
    if recipe.modality:
        behind[top["modality"].end_mark.line] = "the scans that this is for: a DICOM code, or MIC, MSI, AST", 0
    told = enumerate(zip(recipe.lines, top["steps"].value, reasons, strict=True), start=1)
    for number, (line, node, reason) in told:
        above[node.start_mark.line] = ["", *_about(number, line, unit, reason)]
        fields = {key.value: (key, value) for key, value in node.value}
        said = {name: field for name, field in line.spec.fields.items() if name in fields}
        aligned = _column(fields[name][1] for name in said)
        for name, field in said.items():
            key, value = fields[name]
            words, column = _meaning(line, field, unit), max(aligned, value.end_mark.column)
            if column + len(f"  # {words}") <= LONGEST:
                behind[value.end_mark.line] = words, column
            else:
                above[key.start_mark.line] = _block(words, "  # ")
        if line.fitted:
            above[fields["fitted"][0].start_mark.line] = _block(measured_words(line.fitted), "  # ")
        unit = line.spec.unit_after(line.params, unit)
    return above, behind


def _about(number: int, line: Line, unit: str, reason: str) -> Iterator[str]:
    yield from wrap(f"{number}. {line.spec.help}", WIDTH, initial_indent="# ", subsequent_indent="#    ")
    words = (population(line), unit_change(line, unit), _waits(line))
    yield from _block(" ".join(word for word in words if word), "#    ")
    yield from _block(f"Why: {reason}" if reason else "", "#    ")


def _waits(line: Line) -> str:
    return "It waits for its training set: fit measures it once." if line.needs_fit else ""


def _meaning(line: Line, field: Field, unit: str) -> str:
    known = unit if field.p.unit == IMAGE_UNITS and unit else field.p.unit
    words = field.p.help if known in ("", "1") else f"[{known}] {field.p.help}"
    if field.p.when and line.params[field.p.when[0]] != field.p.when[1]:
        return f"{words} Not used: {field.p.when[0]} is not {field.p.when[1]}."
    return words


def _column(values: Iterable[yaml.Node]) -> int:
    """Where the comments behind values begin: behind the longest that is not very long."""
    return max((value.end_mark.column for value in values if value.end_mark.column <= ALIGNED), default=0)


def _with(row: str, comment: tuple[str, int] | None) -> str:
    return row if comment is None else f"{row.ljust(comment[1])}  # {comment[0]}"


def _block(words: str, indent: str) -> list[str]:
    # A reason may quote a file: a line break would end the comment, and YAML takes no control character at all.
    told = "".join(letter if letter.isprintable() else " " for letter in words)
    # An address that is broken is none.
    return wrap(
        told,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _tail(recipe: Recipe) -> Iterator[str]:
    if recipe.trained_on:
        yield from ("", f"# The training set: {_scans(recipe.trained_on['scans'])}, named by a digest.")
    elif recipe.lock:
        yield ""
    if recipe.lock:
        yield "# The lock: what these lines answer on a known picture; verify says whether a machine still does."


def _number(value: Number) -> str:
    if not isinstance(value, tuple):
        return f"{value:.6g}"
    more = ", ..." if len(value) > MOST_PARTS else ""
    return f"({', '.join(f'{v:.6g}' for v in value[:MOST_PARTS])}{more})"


def _shape(array: Array) -> str:
    return f"of {' x '.join(map(str, array.data.shape))} numbers"


def _scans(count: int) -> str:
    return "1 scan" if count == 1 else f"{count} scans"
