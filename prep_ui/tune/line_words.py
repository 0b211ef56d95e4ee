"""A line in a few words."""

from typing import Any

from prep_core.line import Line
from prep_ui.text import number


def line_words(line: Line) -> str:
    """What differs from the defaults, and who is measured."""
    values = [
        f"{name} {_value(value)}" for name, value in line.params.items() if value != line.spec.fields[name].default
    ]
    words = [f"{word} {getattr(line, word)}" for word in line.spec.population if word != "pool"]
    return ", ".join(values + words)


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return " x ".join(map(_value, value))
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value).lower()
