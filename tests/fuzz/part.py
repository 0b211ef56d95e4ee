"""What each part of the fuzzing gives: cases without an end, and each of them again by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True)
class Seen:
    """What became of one case.

    Attributes
    ----------
    case : str
        What repeats it: "png/1234".
    outcome : str
        "read", "refused", or what else it came to.
    words : str
        What the program said.
    seconds : float
        How long it took.
    failed : bool
        Whether that must not happen.
    """

    case: str
    outcome: str
    words: str
    seconds: float
    failed: bool


@dataclass(frozen=True)
class Part:
    """A part of the program, and the input that it is given.

    Attributes
    ----------
    what : str
        What a case is, in the plural: "damaged files".
    asked : str
        What must hold of each case.
    seconds : float
        How long it is tried.
    cases : callable
        The cases from a number on, without an end.
    repeat : callable
        One case again, by its name.
    """

    what: str
    asked: str
    seconds: float
    cases: Callable[[int], Iterator[Seen]]
    repeat: Callable[[str], Seen]


def numbered(case: Callable[[str], Seen], first: int) -> Iterator[Seen]:
    """What becomes of the cases that are called by numbers, from `first` on, without an end."""
    return map(case, map(str, count(first)))
