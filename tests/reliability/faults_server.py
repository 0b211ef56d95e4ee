"""The server of the dashboard is killed and started again, while somebody looks at it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from tests.reliability.aftermath import are_gone, wrong
from tests.reliability.dashboard import PATIENCE, Dashboard, begin_n4, goes_on, person, quiet, running, wait_for
from tests.reliability.held import segments_of

MEGABYTES = 300
SAID = re.compile("connect", re.IGNORECASE)

Begin = Callable[[Page, Dashboard, Path], None]


def in_upload(folder: Path, turn: int) -> list[str]:
    """While a large scan is on its way."""
    return _killed(folder, turn, begin_upload)


def in_rerun(folder: Path, turn: int) -> list[str]:
    """While a page is made anew."""
    return _killed(folder, turn, _rerun)


def in_work(folder: Path, turn: int) -> list[str]:
    """While a step that takes long runs beside the session."""
    return _killed(folder, turn, _work)


def scans(folder: Path) -> tuple[Path, Path]:
    """A small scan and a large one; made once."""
    small, large = folder / "small.npy", folder / "large.npy"
    if not large.exists():
        np.save(small, np.random.default_rng(1).normal(size=(24, 32)).astype(np.float32))
        np.save(large, np.zeros((MEGABYTES * 2, 500, 500), np.int16))
    return small, large


def _killed(folder: Path, turn: int, begin: Begin) -> list[str]:
    small, large = scans(folder)
    with running(folder / f"server{turn}") as (dashboard, browser):
        page = person(browser, dashboard.url)
        begin(page, dashboard, large)
        started = dashboard.kill()
        orphans, left = not are_gone(started), sorted(dashboard.temporary.iterdir())
        is_told = wait_for(page, lambda: page.get_by_text(SAID).count() > 0)
        dashboard.start()
        quiet(page)
        page.goto(dashboard.url)
        quiet(page)
        return wrong(
            {
                "a process lives on": not orphans,
                f"the killed server left {left}": not left,
                "the page does not say that nobody answers": is_told,
                "the page cannot go on": goes_on(page, small),
                **dashboard.amiss(),
            }
        )


def begin_upload(page: Page, dashboard: Dashboard, large: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(large)
    if not wait_for(page, lambda: segments_of(dashboard.pid) > 0):
        raise RuntimeError("the upload did not begin")


def _rerun(page: Page, dashboard: Dashboard, large: Path) -> None:
    page.goto(f"{dashboard.url}/tune?sample=ct_chest")
    quiet(page)
    page.get_by_role("button", name="Add a step").click()
    page.locator(".st-key-tune-add-clahe").get_by_role("button").first.click()
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "running", timeout=PATIENCE * 1000)


def _work(page: Page, dashboard: Dashboard, large: Path) -> None:
    begin_n4(page, dashboard.url)
