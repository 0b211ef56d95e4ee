"""Lists of scans as CSV: comma, semicolon or tab, as spreadsheets write them.  Cells are text; none is evaluated."""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from io import StringIO

from prep_core.cohort.table import Table, bounded
from prep_core.cohort.words import ListError, ListName

DELIMITERS = (",", ";", "\t")
QUOTED = re.compile(r'"[^"]*"')


def csv_table(name: ListName, text: str) -> Table:
    """The table in `text`, whose first row names the columns.

    Raises
    ------
    ListError
        Here for the header, and while rows are read for each that does not fit it.
    """
    delimiter = _delimiter(text)
    _, header = next(_records(name, text, delimiter), (1, []))
    if not any(header):
        raise ListError(f"{name} has no header in row 1; name the columns there, at least path")
    columns = tuple(cell.strip() for cell in header)
    bounded(name, 0, len(columns))
    return Table(name, columns, partial(_rows, name, text, delimiter, len(columns)))


def _delimiter(text: str) -> str:
    """Whichever divides the first line most often, outside of quotes."""
    first = QUOTED.sub("", text.partition("\n")[0].partition("\r")[0])
    return max(DELIMITERS, key=first.count)


def _rows(name: ListName, text: str, delimiter: str, width: int) -> Iterator[tuple[int, Sequence[str]]]:
    records = _records(name, text, delimiter)
    next(records)
    for number, record in records:
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if len(cells) != width:
            raise ListError(f"{name.rows([number])} has {len(cells)} cells, the header {width}; quote or complete them")
        bounded(name, number - 1, 0)
        yield number, cells


def _records(name: ListName, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number, as a spreadsheet counts: also those that are empty."""
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise ListError(f"{name.rows([number])} is no CSV ({error}); save the list again as CSV") from None
        if record is None:
            return
        yield number, record
