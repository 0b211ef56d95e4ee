"""How fast the dashboard answers a hand, in a real browser: python -m tests.benchmarks.browser_latency [--write].

Starts the dashboard and prints a table of medians with their targets, and of each the multiple of the round trip of an
empty fragment.  --write puts the table into docs/latency.md.  Let nothing else run meanwhile.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks import latency_figures
from tests.benchmarks.latency_figures import Bench
from tests.benchmarks.latency_table import Figure, as_page, as_text
from tests.e2e.conftest import ROOT, needed_browser, running_server

PAGE = ROOT / "docs" / "latency.md"
ROUNDS = 30
UNLIMITED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
"""Arguments with which Chromium draws the next frame when it is done with one, and not when a display would ask."""

PARTS: Mapping[str, Callable[[Bench], Iterator[Figure]]] = {
    "drag": latency_figures.window_drag,
    "step": latency_figures.server_step,
    "slice": latency_figures.slice_change,
    "page": latency_figures.page_switch,
    "opening": latency_figures.opening,
}


def measured(parts: list[str], rounds: int) -> tuple[list[Figure], str]:
    """The yardstick and the figures of `parts`, with the browser's version."""
    options = needed_browser()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(**options)
        unlimited = playwright.chromium.launch(**{**options, "args": [*options.get("args", ()), *UNLIMITED]})
        figures: list[Figure] = []
        with running_server(folder / "log.txt") as url:
            bench = Bench(browser, unlimited, url, folder, rounds)
            for part in (latency_figures.empty_fragment, *(PARTS[part] for part in parts)):
                for figure in part(bench):
                    figures.append(figure)
                    sys.stderr.write(f"{figure.name}: {figure.median:.1f} ms\n")
        version = browser.version
        unlimited.close()
        browser.close()
    return figures, version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PARTS, help="one part, or several by several --only")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of each figure, {ROUNDS} by default")
    parser.add_argument("--write", action="store_true", help="write docs/latency.md; only with all parts")
    asked = parser.parse_args()
    if asked.write and asked.only:
        parser.error("--write goes without --only: docs/latency.md holds all figures of one run")
    figures, version = measured(asked.only or list(PARTS), asked.rounds)
    sys.stdout.write(as_text(figures))
    if asked.write:
        PAGE.write_text(as_page(figures, version), "utf-8")


if __name__ == "__main__":
    main()
