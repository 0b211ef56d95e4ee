"""How a command ends, and what it says to the person who typed it."""

import sys

DONE, WRONG, ALL_FAILED, SOME_FAILED, INTERRUPTED = 0, 2, 3, 8, 9


class CallError(ValueError):
    """An option that says something impossible."""


def exit_code(successes: list[bool]) -> int:
    if all(successes):
        return DONE
    return SOME_FAILED if any(successes) else ALL_FAILED


def complain(code: int, words: str) -> int:
    tell(words)
    return code


def tell(words: str) -> None:
    sys.stderr.write(words + "\n")
