"""Every part of the fuzzing by its name."""

from collections.abc import Mapping

from tests.fuzz import commands, recipes, widgets
from tests.fuzz.part import Part, Seen
from tests.fuzz.reader_parts import READER_PARTS

PARTS: Mapping[str, Part] = {
    **READER_PARTS,
    "recipes": recipes.PART,
    "commands": commands.PART,
    "widgets": widgets.PART,
}


def said(name: str, seen: Seen) -> str:
    """A case in words, with what repeats it."""
    return f"{seen.outcome} in {seen.seconds:.1f} s: --repeat {name!r} {seen.case!r}\n    {seen.words}\n"
