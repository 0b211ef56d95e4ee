"""Two recipes in a browser: the swipe, and the signed difference under the pointer."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from prep_core import Recipe, apply
from prep_core.samples import load_sample
from prep_core.scan import Scan
from prep_ui.session import link
from tests.e2e.conftest import settled
from tests.e2e.test_viewer import lies, numbers, picture, point, read

RECIPE = Recipe.from_yaml("prep: 1\nname: dark\nsteps:\n- step: minmax\n- step: gamma\n  gamma: 2.0\n")
PLACES = ((0.45, 0.3), (0.5, 0.55), (0.52, 0.8))


def open_two(page: Page) -> None:
    address = link.write("phase_cell", RECIPE, {}, 1)
    page.goto("/compare?" + "&".join(f"{name}={value}" for name, value in address.items()))
    settled(page)
    page.get_by_text("Two recipes", exact=True).click()
    settled(page)


def grey_under(page: Page, across: float, down: float) -> int:
    x, y = point(page, across, down)
    box = lies(page)
    at = "(c, [x, y]) => c.getContext('2d').getImageData(x, y, 1, 1).data[0]"
    return int(picture(page).evaluate(at, [int(x - box["x"]), int(y - box["y"])]))


def greys(scan: Scan, low: float, high: float) -> np.ndarray:
    return np.clip((scan.data.astype(np.float64) - low) / (high - low), 0, 1) * 255


def picture_of(scan: Scan) -> np.ndarray:
    low, high = np.percentile(scan.data.astype(np.float64), (0.5, 99.5))
    return greys(scan, low, high) / 255


def test_a_divider_uncovers_b_without_the_server(page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    open_two(page)
    scan = load_sample("phase_cell")
    first = greys(scan, *np.percentile(scan.data.astype(np.float64), (0.5, 99.5)))
    result = apply(RECIPE, scan)
    second, by = greys(result, 0.0, 1.0), picture_of(result) - picture_of(scan)
    expect(page.locator("figcaption span").last).to_contain_text("±")
    before = len(sent)
    page.get_by_role("button", name="swipe").click()
    divider = page.get_by_role("slider", name="Divider")
    for place in PLACES:
        for key, shown, told in (("Home", second, "0"), ("End", first, "100")):
            divider.press(key)
            expect(divider).to_have_attribute("aria-valuenow", told)
            drawn = grey_under(page, *place)
            x, y = map(int, numbers(read(page)[0]))
            assert drawn == pytest.approx(shown[y, x], abs=2)
        assert numbers(read(page)[-1]) == [pytest.approx(by[y, x], abs=2e-3)]
    assert np.abs(first - second).mean() > 20
    divider.press("Home")
    for _ in range(3):
        divider.press("Shift+ArrowRight")
    divider.press("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuetext", "29 %: A: as stored left of it, B: after gamma right of it")
    drag_to(page, 0.75)
    expect(divider).to_have_attribute("aria-valuenow", "75")
    assert len(sent) == before
    # Other pictures of the same place stay under the divider; the key lays the swipe down.
    divider.press("s")
    expect(divider).to_have_count(0)
    expect(picture(page)).to_be_focused()


def drag_to(page: Page, share: float) -> None:
    divider = page.get_by_role("slider", name="Divider").bounding_box()
    assert divider is not None
    box = lies(page)
    page.mouse.move(divider["x"] + divider["width"] / 2, divider["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], divider["y"] + 40, steps=3)
    page.mouse.up()
