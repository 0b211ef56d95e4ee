"""The viewer under a hand: what it reads out, and how wheel and keys turn the slices."""

import re

import numpy as np
from playwright.sync_api import FloatRect, Locator, Page, expect

from prep_core import load
from prep_core.samples import SAMPLES
from prep_core.scan import Scan
from tests.e2e.conftest import settled


def ct() -> Scan:
    scan: Scan = load(SAMPLES["ct_chest"].source)[0]
    return scan


def picture(page: Page) -> Locator:
    return page.locator("canvas.picture").first


def lies(page: Page) -> FloatRect:
    """Where the first canvas lies on the screen, the whole of it."""
    picture(page).evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")
    box = picture(page).bounding_box()
    assert box is not None
    return box


def point(page: Page, across: float, down: float) -> tuple[float, float]:
    """Put the pointer at fractions of the first canvas."""
    box = lies(page)
    x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
    page.mouse.move(x, y)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return x, y


def read(page: Page) -> list[str]:
    return page.locator(".viewer .readout span").all_inner_texts()


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_the_read_out_is_what_the_scan_holds_there(app: Page) -> None:
    point(app, 0.55, 0.6)
    index, position, value, *_ = read(app)
    x, y, z = map(int, numbers(index))
    scan = ct()
    # The picture is square, in the middle of its canvas.
    box = lies(app)
    side = min(box["width"], box["height"])
    assert (z, y) == (22, int((0.1 * box["height"] / side + 0.5) * 256))
    np.testing.assert_allclose(numbers(position), (scan.affine @ [z, y, x, 1])[:3], atol=0.051)
    assert position.startswith("LPS (")
    assert position.endswith(") mm")
    assert numbers(value) == [scan.data[z, y, x]]
    assert value.endswith(" HU")
    assert app.locator("figure").first.locator(".rim:not(.stack)").all_inner_texts() == ["R", "L", "A", "P"]


def test_wheel_and_keys_turn_the_slices(app: Page) -> None:
    point(app, 0.5, 0.5)
    for _ in range(5):
        app.mouse.wheel(0, 100)
    settled(app)
    expect(app.locator(".stack").first).to_have_text("Slice 27 / 43")
    picture(app).focus()
    for key, index in (("ArrowDown", 26), ("PageUp", 36), ("ArrowRight", 37), ("PageUp", 43)):
        app.keyboard.press(key)
        expect(picture(app)).to_have_attribute("aria-valuenow", str(index))
    settled(app)
    expect(app).to_have_url(re.compile("Z=43"))
    x, y, z = map(int, numbers(read(app)[0]))
    assert (z, numbers(read(app)[2])) == (43, [ct().data[43, y, x]])
