"""Reload, Back, and two windows, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import go, settled


def add(page: Page, step: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    page.locator(f".st-key-tune-add-{step}").get_by_role("button").click()
    settled(page)


def lines(page: Page) -> list[str]:
    settled(page)
    labels = [each.get_attribute("aria-label") or "" for each in page.locator(".handle .take").all()]
    return [label.removeprefix("Move ").partition(",")[0] for label in labels]


def opened(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/tune")
    settled(page)
    return page


def test_back_leaves_the_page_and_the_recipe_stays(app: Page) -> None:
    go(app, "Tune")
    add(app, "window")
    add(app, "gamma")
    here = app.url
    assert "line=2" in here
    go(app, "Recipe")
    app.go_back()
    expect(app.get_by_test_id("stTopNavLink").filter(has_text="Tune")).to_have_attribute("aria-current", "page")
    assert lines(app) == ["window", "gamma"]
    assert app.url == here
    app.get_by_role("button", name="Undo").click()
    expect(app.locator(".handle .take")).to_have_count(1)
    assert lines(app) == ["window"]
    app.go_back()
    expect(app.get_by_test_id("stTopNavLink").filter(has_text="Inspect")).to_have_attribute("aria-current", "page")
    settled(app)
    app.go_forward()
    expect(app.get_by_test_id("stTopNavLink").filter(has_text="Tune")).to_have_attribute("aria-current", "page")
    assert lines(app) == ["window"]


def test_a_reload_keeps_the_work_and_names_the_scan_that_is_gone(app: Page, tmp_path: Path) -> None:
    path = tmp_path / "private_name.npy"  # it waits for an answer: what its axes are
    np.save(path, np.linspace(0, 1, 3 * 32 * 32, dtype=np.float32).reshape(3, 32, 32))
    app.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    settled(app)
    go(app, "Tune")
    add(app, "window")
    add(app, "gamma")
    app.locator("[class*='-select'] button").first.click()
    settled(app)
    assert "private" not in app.url
    app.reload()
    assert lines(app) == ["window", "gamma"]
    assert "line=1" in app.url
    remark = app.get_by_text("Scans of your own are not kept when a page is loaded again")
    expect(remark).to_be_visible()
    app.get_by_role("button", name="Close", exact=True).click()
    settled(app)
    expect(remark).to_have_count(0)
    app.reload()
    settled(app)
    expect(remark).to_have_count(0)
    assert lines(app) == ["window", "gamma"]


def test_windows_of_one_user_and_of_two_are_independent(
    context: BrowserContext, new_context: Callable[[], BrowserContext]
) -> None:
    mine, also_mine, theirs = opened(context), opened(context), opened(new_context())
    add(mine, "gamma")
    add(theirs, "invert")
    assert lines(also_mine) == []
    add(also_mine, "clahe")
    assert (lines(mine), lines(also_mine), lines(theirs)) == (["gamma"], ["clahe"], ["invert"])
    mine.close()
    also_mine.get_by_role("button", name="Undo").click()
    assert (lines(also_mine), lines(theirs)) == ([], ["invert"])
