"""How a command ends, and what it says to the person who typed it."""

import sys
from pathlib import Path

from prep_core.io import write_atomic

DONE, WRONG, ALL_FAILED, SOME_FAILED, INTERRUPTED = 0, 2, 3, 8, 9


class CallError(ValueError):
    """An option that says something impossible."""


def exit_code(successes: list[bool]) -> int:
    if all(successes):
        return DONE
    return SOME_FAILED if any(successes) else ALL_FAILED


def write_output(path: Path, data: bytes) -> None:
    """Write `data` where the call says.

    Raises
    ------
    CallError
        When it cannot be written there.
    """
    try:
        write_atomic(path, data)
    except FileNotFoundError:
        raise CallError(no_folder(path)) from None
    except OSError as error:
        raise CallError(f"{path} cannot be written: {error.strerror}") from None


def no_folder(path: Path) -> str:
    """The complaint about a place that is not there."""
    return f"{path} cannot be written: there is no folder {path.parent}; make it first"


def complain(code: int, words: str) -> int:
    tell(words)
    return code


def tell(words: str) -> None:
    sys.stderr.write(printable(words) + "\n")


def printable(words: str) -> str:
    """`words` in one line, without what a terminal would obey: a file or a folder may be called anything."""
    return "".join(character if character.isprintable() else "?" for character in words)
