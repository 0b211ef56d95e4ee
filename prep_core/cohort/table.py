"""A list of scans as its file has it: columns with names, and rows of text, bounded in every direction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prep_core.cohort.words import ListError, ListName

MAX_BYTES = 2**25
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000


@dataclass(frozen=True)
class Table:
    """Columns in their order, and what reads the rows anew: the number of each, and a cell for each column."""

    name: ListName
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[str]]]]


def text_of(path: Path, name: ListName) -> str:
    """The text of a file.

    Raises
    ------
    ListError
        When it cannot be read, is larger than `MAX_BYTES`, or is not UTF-8.
    """
    if not path.is_file():
        raise ListError(f"{name} does not exist or is not a file; check the path of the list")
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ListError(f"{name} cannot be read: {error.strerror}; check who may read it") from None
    if len(data) > MAX_BYTES:
        raise ListError(f"{name} is too large: a list may have {MAX_BYTES:,} bytes; divide it, or leave columns out")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListError(
            f"{name} is not UTF-8 (byte {error.start}); save it as UTF-8, in a spreadsheet as CSV UTF-8"
        ) from (None)


def bounded(name: ListName, rows: int, columns: int) -> None:
    """Complain about more rows or columns than a list may have."""
    if rows > MAX_ROWS:
        raise ListError(f"{name} has more than {MAX_ROWS:,} rows, which is the most; divide it")
    if columns > MAX_COLUMNS:
        raise ListError(f"{name} has {columns:,} columns; {MAX_COLUMNS:,} are the most: leave some out")
