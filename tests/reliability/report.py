"""docs/reliability.md, from what was measured."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.reliability.figure import Figure
from tests.reliability.kept import ROOT, Kept

FILE = ROOT / "docs" / "reliability.md"
PARTS_IN = Path(__file__).parent

HEAD = """# How it holds

Written by `python -m tests.reliability --write`, which measures all of it on a dashboard that it starts; parts that
were not asked for keep their figures.  The command ends with exit code 1 where a claim does not hold.  Quick versions
of the parts are tests, so that each change is held to the same claims.
"""
COLUMNS = ("claim", "asked", "measured", "holds")


def text(kept: Mapping[str, Kept], folder: Path) -> str:
    """The whole page; `folder` has the modules of the parts."""
    sections = (_section(name, part, first_paragraph(folder / f"{name}.py")) for name, part in kept.items())
    return "\n".join((HEAD, _summary(kept), *sections))


def first_paragraph(module: Path) -> str:
    """What the docstring of `module` begins with.

    Raises
    ------
    ValueError
        Where it has none: a table without a word about it says nothing.
    """
    words = ast.get_docstring(ast.parse(module.read_text("utf-8")))
    if not words:
        raise ValueError(f"{module.name} has no docstring; its first paragraph stands above its table")
    return words.partition("\n\n")[0]


def as_lines(figures: Iterable[Figure]) -> Iterator[str]:
    """For the terminal: one line a claim."""
    for each in figures:
        yield f"{'holds' if each.holds else 'FAILS'}: {each.claim}: {each.measured} (asked: {each.asked})"


def tell(line: str) -> None:
    """One line of progress, beside what is printed."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _summary(kept: Mapping[str, Kept]) -> str:
    """How many claims hold, and which do not."""
    figures = [figure for part in kept.values() for figure in part.figures]
    short = [
        f"- does not hold: {figure.claim}: {figure.measured}, asked {figure.asked}\n" for figure in failed(figures)
    ]
    end = "\n" if short else ""
    return f"{len(figures) - len(short)} of {len(figures)} claims hold.\n" + end + "".join(short)


def failed(figures: Iterable[Figure]) -> list[Figure]:
    """Those whose claim does not hold."""
    return [figure for figure in figures if not figure.holds]


def _section(name: str, part: Kept, words: str) -> str:
    rows = ((each.claim, each.asked, each.measured, "yes" if each.holds else "**no**") for each in part.figures)
    title = name.replace("_", " ").capitalize()
    how = f"`python -m tests.reliability --write --only {name}`; measured {_machine(part)}."
    return f"## {title}\n\n{words}\n\n{how}\n\n{_table(COLUMNS, rows)}"


def _machine(part: Kept) -> str:
    machine = part.machine
    where = f"{machine['system']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}"
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return f"{machine['date']} on {where}, {packages}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (" | ".join(_cell(cell) for cell in row) for row in (head, ("---",) * len(head), *rows))
    return "".join(f"| {line} |\n" for line in lines)


def _cell(words: str) -> str:
    """A table ends a cell at a bar, and a row at the end of a line."""
    return " ".join(words.replace("|", "\\|").split())
