"""The whole job in a real browser: with the mouse, by the keyboard alone, under the rules of axe-core, and in a network
that leads nowhere. These are tests of the suite, run here by themselves; one that is left out does not hold.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.reliability.figure import Figure
from tests.reliability.kept import ROOT

ACCESSIBLE = "tests/e2e/test_accessible.py"
JOURNEYS: Mapping[str, tuple[str, ...]] = {
    "axe-core on every page, light and dark": (
        f"{ACCESSIBLE}::test_axe_finds_nothing_serious_on_any_page_in_either_scheme",
        f"{ACCESSIBLE}::test_axe_sees_what_is_planted",
    ),
    "the job by the keyboard alone": (
        f"{ACCESSIBLE}::test_the_job_by_keyboard_alone",
        f"{ACCESSIBLE}::test_the_focus_is_seen_wherever_the_keyboard_goes",
    ),
    "upload, tune, export, import, apply: the same bytes as the command line": ("tests/e2e/test_journey.py",),
    "the job without a network": ("tests/ui/test_no_network.py",),
}
"""A claim, and the tests that show it."""


@dataclass(frozen=True)
class Counts:
    """What became of the tests of one claim, and how long they took."""

    passed: int
    failed: int
    left_out: int
    seconds: float


def figures(
    told: Callable[[str], None], journeys: Mapping[str, Sequence[str]] = JOURNEYS, root: Path = ROOT
) -> list[Figure]:
    """A figure for each journey."""
    found = []
    for claim, tests in journeys.items():
        found.append(figure_of(claim, counted(tests, root)))
        told(f"{claim}: {found[-1].measured}")
    return found


def figure_of(claim: str, counts: Counts) -> Figure:
    words = f"{counts.passed} passed, {counts.failed} failed, {counts.left_out} left out, in {counts.seconds:.0f} s"
    holds = counts.passed > 0 and not counts.failed and not counts.left_out
    return Figure(claim, "all pass, none is left out", words, holds)


def counted(tests: Sequence[str], root: Path) -> Counts:
    """Run `tests` in a process of their own; a browser has to be there."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
        subprocess.run(command, cwd=root, env={**os.environ, "PREP_REQUIRE_BROWSER": "1"}, stdout=subprocess.DEVNULL)
        if not report.exists():
            return Counts(0, 0, len(tests), 0.0)
        (suite,) = ElementTree.parse(report).iter("testsuite")
    every, failures, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    return Counts(every - failures - errors - skipped, failures + errors, skipped, float(suite.get("time", 0)))
