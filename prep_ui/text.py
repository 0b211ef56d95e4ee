"""Words from files are words: they never come alive as Markdown, HTML, links or formulas."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~&])")


def plain(text: str) -> str:
    """`text` for a place that reads Markdown, shown as it is: one line, every special character escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def number(value: float) -> str:
    """Six significant digits, in tabular form: 1 234.5 is not grouped, 1e-07 keeps its exponent."""
    return f"{value:.6g}".replace("-", "−")


def count(value: int) -> str:
    """A count with a word for its size: 812, 2.36 M."""
    for size, word in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= size:
            return f"{value / (1e3 if word == 'k' else size):.3g} {word}"
    return str(value)


def span(low: float, high: float, unit: str) -> str:
    """A range with its unit: −1024 … 3071 HU."""
    return f"{number(low)} … {number(high)} {unit}".rstrip()
