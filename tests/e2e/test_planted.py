"""Planted texts in a real browser: no element of theirs, no request to their host, and the words to be read."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests import planted
from tests.e2e.conftest import go, settled

PAGES = ("Header", "Tune", "Compare", "Recipe")
LIVING = f"#planted, [src*='{planted.HOST}'], [href*='{planted.HOST}'], .katex"


def test_nothing_planted_in_files_comes_alive(app: Page, tmp_path: Path) -> None:
    scan, recipe = tmp_path / "<img src=x onerror=alert(1)>$x^2$.ome.tif", tmp_path / "recipe.yaml"
    scan.write_bytes(planted.ome_tiff())
    recipe.write_bytes(planted.recipes()["valid.yaml"])
    app.locator("input[type=file]").first.set_input_files(scan)
    expect(app.get_by_text("img src_x onerror").first).to_be_visible()
    settled(app)
    seen = [nothing_alive(app)]
    for name in PAGES:
        go(app, name)
        seen.append(nothing_alive(app))
    app.locator("input[type=file]").first.set_input_files(recipe)
    expect(app.get_by_text("Opened").first).to_be_visible()
    settled(app)
    seen.append(nothing_alive(app))
    assert planted.PLANTS["html"] in " ".join(seen)
    assert planted.HOST in seen[0] + seen[1]


def nothing_alive(page: Page) -> str:
    """The words of the page, which has no element from a planted text; `page` itself fails on a foreign request."""
    assert page.locator(LIVING).evaluate_all("found => found.map(one => one.outerHTML)") == []
    assert "CANARY" not in page.title()
    return page.locator("body").inner_text()
