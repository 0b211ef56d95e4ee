"""Take the pictures in docs/screenshots: python -m docs.take_screenshots.  Look at them before you commit them."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from prep_core.samples import SAMPLES
from tests.e2e.conftest import find_browser, go, running_server, settled

FOLDER = Path(__file__).parent / "screenshots"
SIZES = {"": (1440, 900), "-small": (1280, 720)}
OCT = ("magnitude", "decibel", "clip")
CT = ("window", "clahe")


def choose(page: Page, sample: str) -> None:
    page.get_by_role("combobox", name="Scan").first.click()
    page.get_by_role("option", name=SAMPLES[sample].title).click()
    settled(page)


def build(page: Page, steps: tuple[str, ...]) -> None:
    for step in steps:
        page.get_by_role("button", name="Add a step").click()
        page.locator(f".st-key-tune-add-{step}").get_by_role("button").click()
        settled(page)


def shoot(page: Page, name: str) -> None:
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def tour(page: Page, url: str, end: str) -> None:
    page.goto(url)
    settled(page)
    shoot(page, f"inspect-ct{end}")
    choose(page, "oct_simulated")
    shoot(page, f"inspect-oct{end}")
    choose(page, "mr_brain_bias")
    shoot(page, f"inspect-mr{end}")
    go(page, "Header")
    shoot(page, f"header{end}")
    go(page, "Inspect")
    choose(page, "oct_simulated")
    go(page, "Tune")
    build(page, OCT)
    shoot(page, f"tune{end}")
    page.goto(url)
    settled(page)
    go(page, "Tune")
    build(page, CT)
    page.get_by_role("button", name="1 window").click()
    settled(page)
    shoot(page, f"tune-ct{end}")
    go(page, "Compare")
    page.get_by_text("CLAHE", exact=True).click()
    settled(page)
    shoot(page, f"compare{end}")
    go(page, "Recipe")
    page.get_by_role("button", name="Apply to the whole scan").click()
    page.get_by_role("button", name="Download result").wait_for()
    settled(page)
    shoot(page, f"recipe{end}")


def main() -> None:
    options = find_browser()
    if options is None:
        raise SystemExit("no Chromium starts here; CHROMIUM may name one")
    FOLDER.mkdir(exist_ok=True)
    log = Path(tempfile.mkdtemp()) / "log.txt"
    with running_server(log) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        for end, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                tour(page, url, f"{end}-dark" if scheme == "dark" else end)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
