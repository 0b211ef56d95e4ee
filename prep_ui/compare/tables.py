"""Tables of figures, as text that never comes alive."""

from collections.abc import Iterable, Sequence

import streamlit as st

from prep_core.quality.meanings import MEANINGS, Meaning, preferred
from prep_core.quality.rows import Figure
from prep_ui.text import number, plain
from prep_ui.tune.widgets import NAMELESS

NONE = "–"
ROUNDING = 1e-6
"""Of sums in float32, as a share of the spread."""

READING = "how to read it"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> None:
    """Draw a table; the columns `words` are read from the left, the others are numbers."""
    aligned = "|".join(":---" if i in words else "---:" for i in range(len(head)))
    st.markdown(_row(head) + aligned + "\n" + "".join(_row(row) for row in rows))


def listed(names: Iterable[str]) -> None:
    """Say how to read each of the figures `names`, and how it is computed."""
    st.markdown("\n".join(f"- {plain(name)}: {plain(_explained(MEANINGS[name]))}" for name in names))


def _explained(meaning: Meaning) -> str:
    return f"{meaning.words} {meaning.formula[:1].upper()}{meaning.formula[1:]}." if meaning.formula else meaning.words


def reading(name: str) -> str:
    """How to read the figure `name`, with its source."""
    return MEANINGS[name].words


def verdict(figure: Figure, names: tuple[str, str]) -> str:
    """Which of the two, called `names`, is better; a dash where they are alike or nobody can say."""
    best = preferred(figure.name, figure.before, figure.after)
    return NONE if best is None else names[best]


def own_cells(figures: Sequence[Figure], names: tuple[str, str]) -> list[tuple[str, ...]]:
    """A row for each figure of two results called `names`: its name, both values, which is better, how to read it."""
    spreads = next(((f.before, f.after) for f in figures if f.name == "std"), (None, None))

    def cells(f: Figure) -> tuple[str, ...]:
        means = f.name == "mean"
        sides = zip((f.before, f.after), spreads, (f.unit_before, f.unit_after), strict=True)
        values = (fixed(v if v is None or not means else beside(v, spread), unit) for v, spread, unit in sides)
        return (f.name, *values, verdict(f, names), reading(f.name))

    return [cells(f) for f in figures]


def beside(value: float, spread: float | None) -> float:
    """`value`, or 0 where it is so small beside the spread of the values that it is their rounding."""
    return 0.0 if spread and abs(value) < ROUNDING * spread else value


def fixed(value: float | None, unit: str = "", digits: int | None = None) -> str:
    """A number with its unit, and with so many digits after the point; a dash where there is none."""
    if value is None:
        return NONE
    if value == float("inf"):
        return "∞"
    text = number(value) if digits is None else f"{value:.{digits}f}".replace("-", "−")
    return text if unit in NAMELESS else f"{text} {unit}"


def ratio(value: float | None) -> str:
    """How many times."""
    return fixed(value, "x", 2)


def percent(share: float | None) -> str:
    """A share; what is there and rounds to nothing says so."""
    if share is None:
        return NONE
    if share == 0:
        return "0 %"
    if abs(share) < 1e-5:
        return "< 0.001 %"
    text = f"{100 * share:.1f}" if abs(share) >= 0.1 else f"{100 * share:.2g}"
    return f"{text.replace('-', '−')} %"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(plain(cell) for cell in cells) + " |\n"
