"""How a list of scans, and what stands in it, is called in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from prep_core.io.names import shown

MOST_NAMED = 5
LONGEST = 40


class ListError(ValueError):
    """A list of scans that cannot be used: one sentence with its name, the row, what is wrong, and what to do."""


class Leak(ListError):
    """Scans of validation or test would be measured together with those of training."""


@dataclass(frozen=True)
class ListName:
    """What a list is called.

    Attributes
    ----------
    path : str
        Where it lies; only its base name is ever shown.
    in_rows : bool
        Whether it has rows under a header, counted as a spreadsheet counts them; else it has entries, from 1.
    """

    path: str
    in_rows: bool

    def __str__(self) -> str:
        return shown(self.path)

    def row(self, number: int) -> str:
        """One row, in the middle of a sentence: "row 7 of split.csv"."""
        return f"{'row' if self.in_rows else 'entry'} {number} of {self}"

    def rows(self, numbers: Sequence[int]) -> str:
        """The rows of these numbers: "rows 3, 7 and 9 of split.csv (the header is row 1)"."""
        noun = ("row" if self.in_rows else "entry") if len(numbers) == 1 else ("rows" if self.in_rows else "entries")
        header = " (the header is row 1)" if self.in_rows else ""
        return f"{noun} {_in_turn(numbers)} of {self}{header}"


def _in_turn(numbers: Sequence[int]) -> str:
    first = [str(number) for number in numbers[:MOST_NAMED]]
    if len(numbers) > MOST_NAMED:
        return f"{', '.join(first)} and {len(numbers) - MOST_NAMED} more"
    return " and ".join([", ".join(first[:-1]), first[-1]] if first[1:] else first)


def quoted(text: str) -> str:
    """`text` as it may stand in a sentence: short, in quotes, with nothing invisible in it."""
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")
