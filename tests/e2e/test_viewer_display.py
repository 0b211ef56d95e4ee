"""Colours, gamma and decibels of the viewer: they change the picture, and nothing else."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from prep_core.samples.oct import simulate_oct
from tests.e2e.conftest import settled
from tests.e2e.test_viewer import lies, numbers, picture, point, read
from tests.ui.test_viewer_colours import colour_map

PLACES = ((0.7, 0.2), (0.75, 0.33), (0.8, 0.5), (0.9, 0.8))
"""Fractions of the canvas, beside the open menu."""


def colour_under(page: Page, across: float, down: float) -> tuple[int, ...]:
    """Put the pointer at fractions of the first canvas, and give the red, green and blue that are drawn there."""
    x, y = point(page, across, down)
    box = lies(page)
    at = "(c, [x, y]) => [...c.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3)"
    return tuple(picture(page).evaluate(at, [int(x - box["x"]), int(y - box["y"])]))


@pytest.fixture
def frames(page: Page) -> list[object]:
    """What the page sends to the server."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    return sent


def test_display_follows_its_formulas_in_the_browser_alone(page: Page, frames: list[object]) -> None:
    page.goto("/?sample=oct_simulated")
    settled(page)
    magnitude = np.abs(simulate_oct().data)
    low, high = np.percentile(magnitude, [0.5, 99.5])
    before = len(frames)
    zoom_in(page)
    page.get_by_role("button", name="display").click()
    page.get_by_role("combobox", name="Colours").select_option("viridis")
    check(page, magnitude, lambda value: (value - low) / (high - low))
    page.get_by_role("combobox", name="Range").select_option("1 to 99 %")
    first, last = np.percentile(magnitude, [1, 99])
    check(page, magnitude, lambda value: (value - first) / (last - first))
    page.get_by_role("combobox", name="Range").select_option("as it is")
    page.get_by_role("combobox", name="Scale").select_option("20")
    page.get_by_role("slider", name="Floor").fill("-80")
    check(page, magnitude, lambda value: 1 + 20 * np.log10(value / high) / 80)
    expect(page.locator("figcaption span").first).to_have_text(f"-80 to 0 dB, relative to {high:.4f} a.u.")
    page.get_by_role("slider", name="Gamma").fill("1")  # two to the power of 1
    check(page, magnitude, lambda value: np.clip(1 + 20 * np.log10(value / high) / 80, 0, 1) ** 2)
    page.get_by_role("button", name="reset").click()
    assert len(set(colour_under(page, *PLACES[0]))) == 1
    assert len(frames) == before


def zoom_in(page: Page) -> None:
    """Around the retina, until the pixel under the pointer is the one that is drawn there."""
    point(page, 0.75, 0.44)
    picture(page).focus()
    for _ in range(20):
        page.keyboard.press("+")


def check(page: Page, magnitude: NDArray[np.float32], grey_of: Callable[[float], float]) -> None:
    """Whether pixels have the colour of their grey, or of the level beside it: the browser counts in float32."""
    table = colour_map("viridis").astype(int)
    for place in PLACES:
        drawn = colour_under(page, *place)
        x, y = map(int, numbers(read(page)[0]))
        level = int(np.clip(grey_of(magnitude[y, x]), 0, 1) * 255 + 0.5)
        near = table[max(level - 1, 0) : level + 2]
        assert list(drawn) in near.tolist(), (x, y, level)
