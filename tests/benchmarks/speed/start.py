"""From the start of the dashboard's process to its first page in a browser."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.speed.figures import Figure
from tests.e2e.conftest import needed_browser, running_server

ROUNDS = 5
LIMIT = 4.0
FIRST_PAGE = ".st-key-inspect-upload-0"
"""Where a scan is chosen: the page stands when that can be seen."""


def figures() -> Iterator[Figure]:
    options = needed_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        started = [_started(browser, Path(folder) / "log.txt") for _ in range(ROUNDS)]
        browser.close()
    answers, painted = zip(*started, strict=True)
    yield Figure("fresh process to its first answer", answers, "s")
    yield Figure("fresh process to the first page painted", painted, "s", LIMIT)


def _started(browser: Browser, log: Path) -> tuple[float, float]:
    """Seconds until the server answers, and until the page stands in a browser that was open already."""
    start = time.perf_counter()
    with running_server(log) as url, browser.new_page() as page:
        answers = time.perf_counter() - start
        page.goto(url)
        page.locator(FIRST_PAGE).wait_for(timeout=60_000)
        return answers, time.perf_counter() - start
