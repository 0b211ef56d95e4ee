"""The readers as parts of the fuzzing: each family of formats for ten minutes."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from tests.fuzz.families import FAMILIES
from tests.fuzz.part import Part, Seen
from tests.fuzz.readers import FAILURES, Result, results

TEN_MINUTES = 600.0
LONGEST = 10.0
"""Seconds above which a file counts as one that hangs."""


def cases(formats: Sequence[str], first: int) -> Iterator[Seen]:
    """Damaged files, of each format in turn."""
    numbers = itertools.count(first)
    turns = ((formats[n % len(formats)], n // len(formats)) for n in numbers)
    for format, number, result in results(turns):
        yield seen(format, number, result)


def repeat(case: str) -> Seen:
    """The damaged file that `case` names: "png/1234"."""
    format, _, number = case.partition("/")
    return next(seen(*found) for found in results(iter([(format, int(number))])))


def seen(format: str, number: int, result: Result) -> Seen:
    """A result in the words of all parts."""
    failed = result.outcome in FAILURES or result.seconds > LONGEST
    return Seen(f"{format}/{number}", result.outcome, result.words, result.seconds, failed)


READER_PARTS: Mapping[str, Part] = {
    name: Part(
        "damaged files",
        f"each read, or refused in a sentence, in under {LONGEST:.0f} s",
        TEN_MINUTES,
        partial(cases, formats),
        repeat,
    )
    for name, formats in FAMILIES.items()
}
