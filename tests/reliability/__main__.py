"""Whether the project holds under load, faults and hostile input: python -m tests.reliability [--write] [--only NAME].

Runs its parts one after the other and prints each claim with what was measured.  --write keeps the figures in
docs/reliability and writes docs/reliability.md.  The exit code is 1 where a claim does not hold.  Let nothing else run
meanwhile.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from tests.benchmarks.speed import machine
from tests.reliability import kept, report
from tests.reliability.figure import Figure
from tests.reliability.kept import Kept

PARTS: tuple[str, ...] = ("sessions", "churn", "uploads", "faults", "fuzzing", "journeys")
"""Modules of this folder with `figures(told)`, in the order of the page."""

PACKAGES = ("streamlit",)
"""Whose versions the page names, beside those that always stand there."""


def run(name: str, write: bool) -> list[Figure]:
    """Measure one part, print its figures, and keep them if asked to."""
    figures: Callable[[Callable[[str], None]], list[Figure]] = import_module(f"tests.reliability.{name}").figures
    found = figures(lambda line: report.tell(f"{name}: {line}"))
    sys.stdout.writelines(f"{line}\n" for line in report.as_lines(found))
    sys.stdout.flush()
    if write:
        kept.write(name, Kept(machine.about(PACKAGES), tuple(found)), PARTS, kept.FIGURES)
        redraw()
    return found


def redraw() -> None:
    """Write the page from the figures that are kept."""
    report.FILE.write_text(report.text(kept.read(PARTS, kept.FIGURES), report.PARTS_IN), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts alone")
    parser.add_argument("--write", action="store_true", help="keep the figures, and write docs/reliability.md")
    parser.add_argument("--redraw", action="store_true", help="write the page from the figures kept, measure nothing")
    asked = parser.parse_args()
    if asked.redraw:
        redraw()
        return 0
    found = [figure for name in asked.only or PARTS for figure in run(name, asked.write)]
    return 1 if report.failed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
