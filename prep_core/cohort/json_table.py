"""Lists of scans as JSON: a list of objects, or {"scans": [...]}."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from prep_core.cohort.table import Table, bounded
from prep_core.cohort.words import ListError, ListName, quoted


def json_table(name: ListName, text: str) -> Table:
    """The table in `text`: a column for each key, and an empty cell where an object lacks it.

    Raises
    ------
    ListError
        When it is no JSON, or JSON of another form.
    """
    entries = _entries(name, _parsed(name, text))
    bounded(name, len(entries), 0)
    columns: dict[str, None] = {}
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise ListError(f'{name.rows([number])} is no object; write {{"path": ..., "split": ...}}')
        columns.update(dict.fromkeys(entry))
        bounded(name, 0, len(columns))
    return Table(name, tuple(columns), partial(_rows, tuple(columns), entries))


def _rows(columns: tuple[str, ...], entries: list[Mapping[str, Any]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, entry in enumerate(entries, start=1):
        yield number, [_text(entry.get(column)) for column in columns]


def _parsed(name: ListName, text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=partial(_object, name), parse_constant=partial(_constant, name))
    except ListError:
        raise
    except (ValueError, RecursionError) as error:
        raise ListError(f"{name} is no JSON ({quoted(str(error))}); check it where the message says") from None


def _object(name: ListName, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ListError(f"{name} has the key {quoted(twice)} twice in one object; keep one of them")
    return found


def _constant(name: ListName, word: str) -> None:
    raise ListError(f"{name} holds {word}, which JSON does not have; write null, or leave it out")


def _entries(name: ListName, parsed: Any) -> list[Any]:
    entries = parsed.get("scans") if isinstance(parsed, dict) else parsed
    if not isinstance(entries, list):
        raise ListError(f'{name} is no list of scans; write [{{"path": ..., "split": ...}}, ...] or {{"scans": [...]}}')
    return entries


def _text(value: Any) -> str:
    """A value as a cell of a spreadsheet would have it; what no cell could hold stays JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(v, int | float | str) for v in value):
        return ",".join(map(str, value))
    return json.dumps(value)
