"""The lines of a recipe as functions, in NumPy where they have a short form."""

from collections.abc import Iterator, Sequence

from prep_core.export.exported import CannotSayError, named
from prep_core.export.functions import Function, by_prep_core, in_numpy
from prep_core.line import Line


def functions_of(lines: Sequence[Line]) -> tuple[list[Function], list[str]]:
    """A function for each line, or for several that share a mask; and the reasons why lines have none."""
    functions: list[Function] = []
    reasons: list[str] = []
    for start, group in groups(lines):
        try:
            functions.append(function_of(start, group))
        except CannotSayError as error:
            reasons.append(named(start, group[0], str(error)))
    return functions, reasons


def function_of(start: int, group: Sequence[Line]) -> Function:
    """The function of a group that begins at line `start`.

    Raises
    ------
    CannotSayError
        Where neither NumPy nor a call to prep_core can do it exactly.
    """
    if len(group) == 1 and not _makes_mask(group[0]):
        try:
            return in_numpy(start, group[0], first=start == 1)
        except CannotSayError as in_words:
            if group[0].spec.domain in ("grid", "channels"):
                raise
            if _uses_mask(group[0]):
                raise CannotSayError("needs a mask, and no line above it makes one") from in_words
    return by_prep_core(start, group)


def groups(lines: Sequence[Line]) -> Iterator[tuple[int, tuple[Line, ...]]]:
    """Each line by itself, counted from 1; one that makes a mask together with all down to the last that uses it."""
    at = 0
    while at < len(lines):
        end = at + 1
        if _makes_mask(lines[at]):
            users = [i for i in range(at, len(lines)) if _uses_mask(lines[i]) or _makes_mask(lines[i])]
            end = users[-1] + 1
        yield at + 1, tuple(lines[at:end])
        at = end


def _makes_mask(line: Line) -> bool:
    return line.spec.gives != "pixels"


def _uses_mask(line: Line) -> bool:
    return line.inside == "mask" or line.step == "apply_mask" or "mask" in line.params.values()
