"""Accessible to all: axe-core on every page in both themes, and the whole job by keyboard alone."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from prep_core import Recipe
from prep_ui.session import link
from tests.e2e.accessibility import severe, shows_focus, stops, tab_to
from tests.e2e.conftest import go, settled

RECIPE = Recipe.from_yaml("""
prep: 1
name: shown
steps:
- step: window
- step: percentile_rescale
""")
GROUNDS: tuple[tuple[Literal["light", "dark"], str], ...] = (
    ("light", "rgb(246, 246, 246)"),
    ("dark", "rgb(30, 30, 30)"),
)
PLANTED = """() => document.querySelector("[data-testid=stMainBlockContainer]").insertAdjacentHTML(
    "afterbegin", "<p style='color: #999; background: #aaa'>hardly legible</p><button></button>")"""


def open_at(page: Page, name: str) -> None:
    """Open a page by an address that holds a sample, a recipe and the selected line."""
    address = link.write("ct_chest", RECIPE, {"Z": 20}, 2)
    page.goto(f"/{name}?" + "&".join(f"{key}={value}" for key, value in address.items()))
    settled(page)


def test_axe_finds_nothing_serious_on_any_page_in_either_scheme(page: Page) -> None:
    open_at(page, "tune")
    found = {"Tune": severe_in_both(page)}
    page.get_by_role("button", name="Add a step").click()
    settled(page)
    found["the menu of steps"] = severe_in_both(page)
    page.keyboard.press("Escape")
    for name in ("Inspect", "Header", "Dataset", "Compare", "Recipe", "Learn"):
        go(page, name)
        found[name] = severe_in_both(page)
    assert [f"{name}: {words}" for name, all_words in found.items() for words in all_words] == []
    assert len(found) == 8


def severe_in_both(page: Page) -> list[str]:
    """What axe-core finds in light and in dark, which the dashboard turns to as the system does."""
    found = []
    for scheme, ground in GROUNDS:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        settled(page)
        found += [f"{scheme}: {words}" for words in severe(page)]
    return found


def test_axe_sees_what_is_planted(app: Page) -> None:
    app.evaluate(PLANTED)
    rules = {words.partition(":")[0] for words in severe(app)}
    assert rules == {"color-contrast", "button-name"}


@pytest.mark.parametrize("name", ["tune"])
def test_the_focus_is_seen_wherever_the_keyboard_goes(page: Page, name: str) -> None:
    open_at(page, name)
    unseen = [stop for stop in stops(page) if not shows_focus(page)]
    assert unseen == []


def test_the_job_by_keyboard_alone(app: Page, tmp_path: Path) -> None:
    """Choose a sample, add a step, change a value, and download the recipe."""
    press = app.keyboard.press
    tab_to(app, app.get_by_role("combobox", name="Scan"))
    app.keyboard.type("Simulated OCT")
    press("Enter")
    settled(app)
    expect(app.get_by_text("complex64").first).to_be_visible()
    follow(app, "Tune")
    for step in ("magnitude", "clip"):
        tab_to(app, app.get_by_role("button", name="Add a step"))
        press("Enter")
        settled(app)
        tab_to(app, app.locator(f".st-key-tune-add-{step}").get_by_role("button"))
        press("Enter")
        settled(app)
    tab_to(app, app.locator("[class*='-high-box'] input"))
    press("ControlOrMeta+a")
    app.keyboard.type("250")
    press("Enter")
    settled(app)
    follow(app, "Recipe")
    tab_to(app, app.get_by_role("button", name="Download recipe"))
    with app.expect_download() as waiting:
        press("Enter")
    waiting.value.save_as(tmp_path / "recipe.yaml")
    lines = Recipe.from_yaml((tmp_path / "recipe.yaml").read_bytes()).lines
    assert [line.step for line in lines] == ["magnitude", "clip"]
    assert lines[1].params["high"] == 250


def follow(page: Page, name: str) -> None:
    """Switch to the page called `name` with the navigation at the top, by keyboard."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=name)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(link).to_have_attribute("aria-current", "page")
    settled(page)
