"""Words from files are words: they never come alive as Markdown, HTML, links or formulas."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~&])")

_ADDRESS = re.compile(r"https?(?=:)|www(?=\.)|@", re.IGNORECASE)
"""Where a bare address begins: the browser makes links of them after it took the escapes away, unless they are cut."""


def plain(text: str) -> str:
    """`text` for a place that reads Markdown, shown as it is: one line, every special character escaped.

    What has no shape (escape sequences, overrides of the direction of writing) becomes a question mark in a box, and an
    address gets a sign that has no width, which keeps it from becoming a link.
    """
    seen = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(text.split()))
    return _SPECIAL.sub(r"\\\1", _ADDRESS.sub("\\g<0>\N{WORD JOINER}", seen))


def number(value: float) -> str:
    """A whole number as it is, any other with four significant digits; with a true minus sign."""
    text = f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e6 else f"{value:.4g}"
    return text.replace("-", "−")


def count(value: int) -> str:
    """A count with a word for its size: 812, 2.36 M."""
    for size, word in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= size:
            return f"{value / (1e3 if word == 'k' else size):.3g} {word}"
    return str(value)


def sentence(words: str) -> str:
    """`words` from inside the program, which begins its remarks with a small letter, as a sentence."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def span(low: float, high: float, unit: str) -> str:
    """A range with its unit: −1024 … 3071 HU."""
    return f"{number(low)} … {number(high)} {unit}".rstrip()
