"""Take the pictures in docs/screenshots: python -m docs.take_screenshots.  Look at them before you commit them."""

import tempfile
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from prep_core import Recipe, fit
from prep_core.batch import apply_all
from prep_core.io import encode
from prep_core.line import Line
from prep_core.samples import SAMPLES
from prep_core.samples.brain import brain_phantom
from tests.e2e import journeys
from tests.e2e.conftest import find_browser, go, running_server, settled
from tests.e2e.test_modalities import JOURNEYS

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
    page.goto(url)
    settled(page)
    go(page, "Tune")
    build(page, (*OCT, "zscore"))
    go(page, "Dataset")
    page.get_by_text("Fit", exact=True).click()
    page.get_by_role("button", name="Measure line 2, decibel, over the dataset").click()
    settled(page)
    page.get_by_text("Line by line", exact=True).click()
    page.get_by_text("How far the same value moves between scans").wait_for()
    settled(page)
    shoot(page, f"dataset{end}")


def modalities(page: Page, url: str, folder: Path, end: str) -> None:
    """Each modality as its journey in tests/e2e opens it: the first look, and the recipe that it is given."""
    for journey in JOURNEYS:
        name = "-".join(journey.name.lower().split())
        page.goto(url)
        settled(page)
        journey.open(page, folder)
        shoot(page, f"journey-{name}-inspect{end}")
        journeys.take_the_suggestion(page)
        shoot(page, f"journey-{name}-tune{end}")


def report(browser: Browser, folder: Path) -> None:
    """The report of eight simulated heads, one three times as bright and one cut off, below a fit on the first four."""
    (folder / "scans").mkdir()
    heads = [brain_phantom(seed=seed).scan for seed in range(8)]
    recipe = fit(Recipe((Line("percentile_rescale", over="dataset"),), "heads"), heads[:4])
    for number, head in enumerate(heads):
        bright = replace(head, data=3 * head.data) if number == 5 else head
        data = encode(bright, "nii.gz")
        (folder / "scans" / f"head_{number:02d}.nii.gz").write_bytes(data[:-2000] if number == 3 else data)
    with chdir(folder):
        list(apply_all(recipe, ["scans"], folder / "out", "nii.gz"))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto((folder / "out" / "report.html").as_uri())
    shoot(page, "report")


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
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme, base_url=url)
            with tempfile.TemporaryDirectory() as folder:
                modalities(page, url, Path(folder), "-dark" if scheme == "dark" else "")
            page.close()
        with tempfile.TemporaryDirectory() as folder:
            report(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
