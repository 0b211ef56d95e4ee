"""A browser is gone in the middle of something, while somebody else works on the same server."""

from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
from playwright.sync_api import Page, expect

from tests.reliability.aftermath import wrong
from tests.reliability.dashboard import PATIENCE, Dashboard, begin_n4, goes_on, person, quiet, running, wait_for
from tests.reliability.faults_server import begin_upload, scans
from tests.reliability.held import segments_of

QUIETLY = 0.05
"""Share of a processor that a server takes for people who do nothing."""

FREE = 60.0
"""Seconds within which the work of somebody who is gone ends: a session is kept for half a minute."""

FETCH_SOME = """async address => {
    const reader = (await fetch(address)).body.getReader();
    return (await reader.read()).value.length;
}"""


def in_upload(folder: Path, turn: int) -> list[str]:
    return _gone(folder, turn, lambda page, dashboard: begin_upload(page, dashboard, scans(folder)[1]))


def in_download(folder: Path, turn: int) -> list[str]:
    return _gone(folder, turn, lambda page, dashboard: _download(page, folder))


def in_work(folder: Path, turn: int) -> list[str]:
    return _gone(folder, turn, lambda page, dashboard: begin_n4(page, dashboard.url))


def _gone(folder: Path, turn: int, begin: Callable[[Page, Dashboard], None]) -> list[str]:
    """Close the browser of one of two people in the middle of what `begin` begins."""
    small, _ = scans(folder)
    with running(folder / f"server{turn}") as (dashboard, browser):
        stays, goes = person(browser, dashboard.url), person(browser, dashboard.url)
        begin(goes, dashboard)
        goes.context.close()
        can_go_on = goes_on(stays, small)
        is_free = wait_for(stays, lambda: segments_of(dashboard.pid) == 0, FREE)
        is_quiet = wait_for(stays, lambda: _is_quiet(stays, dashboard), FREE)
        return wrong(
            {
                "the other person cannot go on": can_go_on,
                "memory of an upload is held": is_free,
                "work of nobody goes on": is_quiet,
                "the other person lost the scan": stays.get_by_text("YX 24 x 32 float32").count() > 0,
                **dashboard.amiss(),
            }
        )


def offline(folder: Path, turn: int) -> list[str]:
    """Take the network away from a page whose step runs, and give it back."""
    with running(folder / f"server{turn}") as (dashboard, browser):
        page = person(browser, dashboard.url)
        begin_n4(page, dashboard.url)
        page.context.set_offline(True)
        page.wait_for_timeout(3000)
        page.context.set_offline(False)
        work = page.locator(".st-key-work-lines-tune")
        work.get_by_role("button", name="Cancel").click()
        expect(work).to_contain_text("Stopped, nothing was changed.")
        quiet(page)
        return wrong(
            {
                "the recipe is another one": page.locator("[class*=st-key-tune-][class*=-remove]").count() == 1,
                "the stopped work goes on": wait_for(page, lambda: _is_quiet(page, dashboard), FREE),
                **dashboard.amiss(),
            }
        )


def _is_quiet(page: Page, dashboard: Dashboard) -> bool:
    before = dashboard.seconds()
    page.wait_for_timeout(2000)
    return dashboard.seconds() - before < 2 * QUIETLY


def _go(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    quiet(page)


def _download(page: Page, folder: Path) -> None:
    """Take the first piece of a result of 60 MB."""
    scan = folder / "result.nii"
    if not scan.exists():
        noise = np.random.default_rng(0).normal(size=(60, 500, 500)).astype(np.float32)
        scan.write_bytes(nibabel.Nifti1Image(noise, np.eye(4)).to_bytes())
    page.locator("input[type=file]").first.set_input_files(scan)
    expect(page.get_by_text("500 x 500 x 60 float32").first).to_be_visible(timeout=PATIENCE * 1000)
    _go(page, "Tune")
    page.get_by_role("button", name="Add a step").click()
    page.locator(".st-key-tune-add-clip").get_by_role("button").first.click()
    quiet(page)
    _go(page, "Recipe")
    page.get_by_text("npy", exact=True).click()
    quiet(page)
    page.get_by_role("button", name="Apply to the whole scan").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download result").click()
    address = waiting.value.url
    waiting.value.cancel()
    if page.evaluate(FETCH_SOME, address) > 10**7:
        raise RuntimeError("the download was over before it could be left")
