"""What the journeys of the modalities have in common: scans to open, and what a person does and reads on each page."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from playwright.sync_api import Locator, Page, expect

import prep_core.samples
from prep_core import load
from prep_core.recipe import Recipe
from prep_core.samples import load_sample
from prep_core.scan import Scan
from tests.e2e.conftest import go, settled
from tests.e2e.test_viewer import numbers, point, read

CT_FOLDER = Path(prep_core.samples.__file__).parent / "ct_chest"
LONG = 60_000
"""Milliseconds that work on a whole scan may take on a busy machine."""

Opening = Callable[[Page, Path], Scan]
Told = tuple[float, float]
"""A number on the screen, and how far from it the whole number may be."""


@dataclass(frozen=True)
class Journey:
    """A modality, how its scan is opened, what a person must be told of it, and the steps of the recipe.

    Attributes
    ----------
    source : what the command line replays the recipe on; None for prep_core alone
    """

    name: str
    open: Opening
    findings: tuple[str, ...]
    steps: tuple[str, ...]
    source: Path | None = None


def from_sample(name: str) -> Opening:
    """Open a built-in scan by its address."""

    def opening(page: Page, folder: Path) -> Scan:
        page.goto(f"/?sample={name}")
        settled(page)
        return load_sample(name)

    return opening


def from_folder(page: Page, folder: Path) -> Scan:
    """Upload the chest CT as what it is: a folder of DICOM slices, whose names are not in their order."""
    page.goto("/")
    settled(page)
    page.locator(".st-key-inspect-folder").get_by_text("A folder").click()
    settled(page)
    upload(page, CT_FOLDER)
    return load(CT_FOLDER)[0]


def from_movie(page: Page, folder: Path) -> Scan:
    """Upload seven frames of cells with a halo on an uneven background, and say that the first axis is time."""
    path = folder / "phase_movie.npy"
    np.save(path, movie())
    page.goto("/")
    settled(page)
    upload(page, path)
    page.get_by_role("combobox", name="Axes, in the order of the array").click()
    page.get_by_role("option", name="TYX").click()
    settled(page)
    page.get_by_role("button", name="Open it so").click()
    settled(page)
    return load(path, axes="TYX")[0]


def from_fits(page: Page, folder: Path) -> Scan:
    """Upload a star field: scaled 16-bit counts with two blank pixels."""
    path = folder / "stars.fits"
    sky = np.random.default_rng(0).normal(200, 10, (96, 128))
    sky[40:45, 60:65] += 30_000
    stored = (sky - 32768).round().astype(np.int16)
    stored[5, 5:7] = -32768
    image = fits.PrimaryHDU(stored)
    image.header["BZERO"], image.header["BLANK"], image.header["BUNIT"] = 32768, -32768, "adu"
    image.writeto(path)
    page.goto("/")
    settled(page)
    upload(page, path)
    return load(path)[0]


def movie() -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Seven frames of 96 x 96: discs that drift, dark within and bright around, over a slope of light."""
    t, y, x = np.ogrid[:7, :96, :96]
    light = 8000 + 20 * x + 0 * y
    cells = np.zeros((7, 96, 96))
    for row, column in ((30, 25), (60, 60), (75, 30)):
        distance = np.hypot(y - row, x - column - 2 * t)
        cells += 3000 * np.exp(-((distance - 9) ** 2) / 6) - 2500 * np.exp(-(distance**2) / 30)
    grain = np.random.default_rng(0).normal(0, 60, cells.shape)
    return (light + cells + grain).astype(np.uint16)


def upload(page: Page, path: Path) -> None:
    """Upload `path`, the first upload of the session, and wait until it is read."""
    page.locator("input[type=file]").first.set_input_files(path)
    # The uploader is another one once the files have arrived.
    expect(page.locator(".st-key-inspect-upload-1")).to_be_visible(timeout=LONG)
    settled(page)


def range_on_screen(page: Page) -> tuple[float, float]:
    """The lowest and the highest value, as the line under the menu tells them."""
    line = page.get_by_text(" … ").first.inner_text()
    low, high = re.search(r"(\S+) … (\S+)", line).groups()
    return float(low.replace("−", "-")), float(high.replace("−", "-"))


def findings_on_screen(page: Page) -> list[str]:
    """The names of the findings, in their order."""
    titles = page.locator("[class*='st-key-finding-'] strong")
    return [title.lower().replace(" ", "_") for title in titles.all_inner_texts()]


def take_the_suggestion(page: Page) -> None:
    """On Tune, replace the recipe by the one that is suggested."""
    go(page, "Tune")
    page.get_by_role("button", name="Start from").click()
    settled(page)
    page.locator(".st-key-tune-suggest-take").get_by_role("button").click(timeout=LONG)
    settled(page)


def values_under(page: Page, across: float, down: float) -> tuple[tuple[int, int], Told, Told]:
    """Where the pointer is at fractions of the picture, (y, x), and what is told of there before and after."""
    point(page, across, down)
    texts = read(page)
    x, y = map(int, numbers(texts[0])[:2])
    before, after = (last_number(text) for text in texts[-2:])
    return (y, x), before, after


def last_number(text: str) -> tuple[float, float]:
    """The number at the end of `text`, before its unit if it has one, and half of what its last digit is worth."""
    digits = re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))[-1]
    return float(digits), 0.501 * 10.0 ** -len(digits.partition(".")[2])


def saved(page: Page, button: Locator, folder: Path) -> Path:
    with page.expect_download() as waiting:
        button.click()
    folder.mkdir(exist_ok=True)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def recipe_on_screen(page: Page, folder: Path) -> tuple[Path, Recipe]:
    """The recipe that the page Recipe gives away, as a file and as what is in it."""
    go(page, "Recipe")
    path = saved(page, page.get_by_role("button", name="Download recipe"), folder)
    return path, Recipe.from_yaml(path.read_bytes())


def take_recipe(page: Page, recipe: Recipe, folder: Path) -> None:
    """Open a recipe from a file, on the page Recipe."""
    path = folder / "fitted.yaml"
    path.write_text(recipe.to_yaml())
    page.locator("input[type=file]").first.set_input_files(path)
    expect(page.get_by_text("Opened")).to_be_visible()
    settled(page)


def result_on_screen(page: Page, folder: Path) -> Path:
    """The whole scan, processed and downloaded as npy."""
    page.get_by_text("npy", exact=True).click()
    settled(page)
    page.get_by_role("button", name="Apply to the whole scan").click()
    download = page.get_by_role("button", name="Download result")
    expect(download).to_be_visible(timeout=LONG)
    settled(page)
    return saved(page, download, folder)
