"""How much memory the sessions of one server may keep, together and each."""

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Self

VARIABLE = "PREP_MEMORY"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes that stay after a page is drawn.

    Attributes
    ----------
    scans : opened scans of all sessions
    session : opened scans of one session
    answers : kept answers of all sessions
    """

    scans: int = 4 << 30
    session: int = 3 << 30
    answers: int = 2 << 30

    @classmethod
    def of(cls, words: str) -> Self:
        """The bounds in `words`, such as "scans=8589934592 session=4294967296"; the others are as shipped.

        Raises
        ------
        ValueError
            For a name that is no bound, or a number that is not whole and above 0.
        """
        names = [field.name for field in fields(cls)]
        found = {}
        for word in words.split():
            name, _, number = word.partition("=")
            if name not in names or not (number.isdecimal() and number.isascii()) or int(number) < 1:
                raise ValueError(f"{VARIABLE}: a bound is NAME=BYTES, with one of {', '.join(names)}, got {word!r}")
            found[name] = int(number)
        return cls(**found)


@cache
def bounds() -> Bounds:
    """What the environment says, as it was when this was asked first."""
    return Bounds.of(os.environ.get(VARIABLE, ""))
