"""How far a long command is: one line that is drawn again on a terminal, plain lines elsewhere."""

import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Self, TextIO

WIDTH = 24
"""Characters of the bar."""

WHILE = 30.0
"""Seconds over which the rate is taken."""

PAUSE = 0.1
"""Seconds between two drawings."""

Mark = tuple[float, int]
"""A time in seconds, and how many were done then."""


def line(done: int, total: int, marks: Sequence[Mark], failed: int = 0, what: str = "") -> str:
    """`what`, a bar, how many of how many, the rate since the first of `marks`, the time left, and failures."""
    full = WIDTH if not total else min(WIDTH, WIDTH * done // total)
    rate = rate_of(marks)
    parts = [
        f"{what + ' ' if what else ''}[{'#' * full}{'.' * (WIDTH - full)}] {done}/{total}",
        *([f"{rate:.3g}/s"] if rate else []),
        *([f"{duration((total - done) / rate)} left"] if rate and done < total else []),
        *([f"{failed} failed"] if failed else []),
    ]
    return "  ".join(parts)


def rate_of(marks: Sequence[Mark]) -> float:
    """Done a second from the first to the last of `marks`; 0 where that is not known yet."""
    if len(marks) < 2 or marks[-1][0] <= marks[0][0]:
        return 0.0
    return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])


def duration(seconds: float) -> str:
    """A time in its two largest units: 42 s, 3 min 05 s, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


class Bar:
    """Draws progress on `stream` where that is a terminal; elsewhere only the words that are told appear.

    Use it in a with statement: the line is gone afterwards.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._marks: deque[Mark] = deque()
        self._what = ""
        self._drawn = ""
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._erase()

    @property
    def is_drawn(self) -> bool:
        """Whether the reader sees a bar, and needs no line for each thing that went well."""
        return self._stream.isatty()

    def show(self, done: int, total: int, failed: int = 0, what: str = "") -> None:
        """Draw how far it is, if the last drawing is a moment ago; a new `what` is a new beginning."""
        now = self._clock()
        if what != self._what:
            self._what = what
            self._marks.clear()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] < now - WHILE:
            self._marks.popleft()
        if self.is_drawn and (now >= self._next or done == total):
            self._next = now + PAUSE
            self._draw(line(done, total, self._marks, failed, what))

    def tell(self, words: str) -> None:
        """Write a line that stays, above the bar."""
        drawn = self._drawn
        self._erase()
        self._stream.write(words + "\n")
        self._draw(drawn)

    def _draw(self, text: str) -> None:
        shown = text[: shutil.get_terminal_size().columns - 1]
        if shown or self._drawn:
            self._stream.write("\r" + shown.ljust(len(self._drawn)) + "\r" * (not shown))
            self._stream.flush()
        self._drawn = shown

    def _erase(self) -> None:
        self._draw("")
