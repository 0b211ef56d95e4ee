"""Work that takes its time, in the browser: it is shown, the page stays usable, and it stops when asked to."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import check_no_exception, go, settled


def test_n4_is_watched_left_alone_and_stopped(app: Page) -> None:
    app.goto("/?sample=mr_brain_bias")
    settled(app)
    go(app, "Tune")
    app.get_by_role("button", name="Add a step").click()
    app.locator(".st-key-tune-add-n4").get_by_role("button").first.click()
    running = app.locator(".st-key-work-lines-tune")
    expect(running).to_contain_text(re.compile(r"Line 1 of 1: n4, round \d+ of 200 at most"), timeout=20_000)
    expect(app.get_by_text("as stored, line 1 waits")).to_be_visible()
    # The page stays usable: what is taken back stops, and what is done again begins anew.
    app.get_by_role("button", name="Undo").click()
    expect(running).to_have_count(0)
    app.get_by_role("button", name="Redo").click()
    running.get_by_role("button", name="Cancel").click(timeout=20_000)
    expect(running).to_contain_text("Stopped, nothing was changed.")
    expect(running.get_by_role("button", name="Start again")).to_be_visible()
    app.locator("[class*=st-key-tune-][class*=-remove]").get_by_role("button").first.click()
    expect(running).to_have_count(0)
    settled(app)
    check_no_exception(app)
