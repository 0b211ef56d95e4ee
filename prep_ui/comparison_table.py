"""Tables of figures, as text that never comes alive."""

from collections.abc import Iterable, Sequence

import streamlit as st

from prep_core.quality.meanings import MEANINGS
from prep_ui.text import number, plain
from prep_ui.widgets import NAMELESS

NONE = "–"
READING = "how to read it"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = (0,)) -> None:
    """Draw a table; the columns `words` are read from the left, the others are numbers."""
    aligned = "|".join(":---" if i in words else "---:" for i in range(len(head)))
    st.markdown(_row(head) + aligned + "\n" + "".join(_row(row) for row in rows))


def listed(names: Iterable[str]) -> None:
    """Say how to read each of the figures `names`."""
    st.markdown("\n".join(f"- {plain(name)}: {plain(MEANINGS[name].words)}" for name in names))


def reading(name: str) -> str:
    """How to read the figure `name`, with its source."""
    return MEANINGS[name].words


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
