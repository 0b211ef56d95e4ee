"""Measured times as a table: on the screen and as a page of docs/."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

YARDSTICK = "empty fragment, round trip"


@dataclass(frozen=True)
class Figure:
    """What was measured, in milliseconds.

    Attributes
    ----------
    values : one for each round
    target : what the median should stay under; None where nothing is asked
    remark : what else was seen, such as how many requests were sent
    """

    name: str
    values: tuple[float, ...]
    target: float | None = None
    remark: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def slow(self) -> float:
        """The 95th percentile, as one of the values: at least 95 % are no higher."""
        values = sorted(self.values)
        return values[-(-95 * len(values) // 100) - 1]

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if round(self.median, 1) <= round(self.target, 1) else "missed"


HEAD = ("what", "median ms", "p95 ms", "target ms", "", "times empty", "rounds", "remark")


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """A row for each figure, in the order of `HEAD`; the yardstick must be among them."""
    empty = next(figure.median for figure in figures if figure.name == YARDSTICK)
    return [
        (
            each.name,
            f"{each.median:.1f}",
            f"{each.slow:.1f}",
            "" if each.target is None else f"{each.target:.1f}",
            each.verdict,
            f"{each.median / empty:.2f}",
            str(len(each.values)),
            each.remark,
        )
        for each in figures
    ]


def as_text(figures: Sequence[Figure]) -> str:
    table = [HEAD, *rows(figures)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(map(_padded, row, widths, range(len(row)))).rstrip() for row in table) + "\n"


def as_page(figures: Sequence[Figure], browser: str) -> str:
    """The page docs/latency.md."""
    lines = [" | ".join(row) for row in (HEAD, ("---",) * len(HEAD), *rows(figures))]
    table = "\n".join(f"| {line} |" for line in lines)
    return f"""# How fast the dashboard answers

Measured in a real browser by `python -m tests.benchmarks.browser_latency --write`, which writes this page.  A clock
starts with the event of the hand and ends after the frame in which the answer is on the screen.  Where other work
shares the machine all is slower, so each median is also told as a multiple of the round trip of a fragment that
computes nothing, taken in the same run.

What a frame of a drag takes is measured where Chromium draws the next one as soon as it is done: on a display of 60
frames a second, which is measured too, none can last less than 16.7 ms.

{table}

{machine(browser)}
"""


def machine(browser: str) -> str:
    """On what it was measured."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}; Python {platform.python_version()}, Streamlit {version('streamlit')}, Chromium {browser}."


def _padded(text: str, width: int, column: int) -> str:
    return text.rjust(width) if 1 <= column <= 3 or 5 <= column <= 6 else text.ljust(width)
