"""The linked histograms under a hand: pointing, brushing, handles, keys, and what is saved."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from prep_core.samples import load_sample
from tests.e2e.conftest import go, settled
from tests.e2e.test_viewer import ct, numbers, picture, point

LEFT, RIGHT = 40, 9
"""CSS pixels of a chart beside its axis."""


def chart(page: Page, name: str) -> Locator:
    return page.locator(f'.chart[data-chart="{name}"]')


def lies(page: Page, name: str) -> FloatRect:
    box = chart(page, name).locator("svg").bounding_box()
    assert box is not None
    return box


def at_share(page: Page, name: str, share: float) -> tuple[float, float]:
    """A place on the screen at a share of the axis of a chart."""
    box = lies(page, name)
    return box["x"] + LEFT + share * (box["width"] - LEFT - RIGHT), box["y"] + box["height"] / 2


def add_step(page: Page, step: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    page.locator(f".st-key-tune-add-{step} button").first.click()
    page.keyboard.press("Escape")
    settled(page)


def value_in(page: Page, label: str) -> float:
    return float(page.get_by_role("spinbutton", name=label).input_value())


def painted(page: Page) -> int:
    """How many pixels of the first picture have the colour of what is pointed at."""
    count: int = picture(page).evaluate(
        """canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let found = 0;
            for (let i = 0; i < data.length; i += 4) {
                found += data[i] === 0xc2 && data[i + 1] === 0x18 && data[i + 2] === 0x8f;
            }
            return found;
        }"""
    )
    return count


def test_a_brush_on_ct_sets_the_window_and_sends_nothing_before_the_release(app: Page) -> None:
    sent: list[str] = []
    app.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    app.reload()
    settled(app)
    go(app, "Tune")
    add_step(app, "window")
    plane = ct().data[22][ct().valid[22]]
    low, high = plane.min() - 0.5, plane.min() - 0.5 + 256 * np.ceil((np.ptp(plane) + 1) / 256)
    app.mouse.move(*at_share(app, "raw", 0.5))
    app.mouse.down()
    sent.clear()
    for share in (0.6, 0.65, 0.7):
        app.mouse.move(*at_share(app, "raw", share))
    expect(app.locator(".histograms .readout span").first).to_have_text(re.compile("center .* HU"))
    live = app.locator("input.center").input_value()
    assert sent == []
    app.mouse.up()
    expect(app.get_by_role("spinbutton", name="Center")).to_have_value(live)
    settled(app)
    ends = low + np.array([0.5, 0.7]) * (high - low)
    # A linear window is half a value higher than its two ends, and one wider.
    assert value_in(app, "Center") == pytest.approx(ends.mean() + 0.5, abs=8)
    assert value_in(app, "Width") == pytest.approx(np.ptp(ends) + 1, abs=16)
    handle = chart(app, "raw").get_by_role("slider", name="lower end of the window")
    before = value_in(app, "Center")
    handle.focus()
    app.keyboard.press("ArrowRight")
    app.keyboard.press("ArrowRight")
    settled(app)
    expect(app.get_by_role("spinbutton", name="Center")).not_to_have_value(f"{before:g}")
    assert value_in(app, "Center") == pytest.approx(before + 1, abs=0.51)


def test_a_percentile_of_oct_is_steered_by_its_handle(app: Page) -> None:
    app.get_by_role("combobox", name="Scan").click()
    app.get_by_role("option", name="Simulated OCT").click()
    settled(app)
    go(app, "Tune")
    add_step(app, "magnitude")
    add_step(app, "percentile_clip")
    handle = chart(app, "after").or_(chart(app, "into")).get_by_role("slider", name="high, line 2")
    expect(handle).to_have_attribute("aria-valuenow", "99.5")
    handle.focus()
    for _ in range(5):
        app.keyboard.press("ArrowLeft")
    settled(app)
    expect(app.get_by_role("spinbutton", name="High")).to_have_value("99")
    intensity = np.abs(load_sample("oct_simulated").data) ** 2
    told = handle.get_attribute("aria-valuetext") or ""
    assert numbers(told) == pytest.approx([99, np.percentile(intensity, 99)], rel=0.01)


def test_what_is_pointed_at_is_marked_in_all_histograms_and_in_the_picture(app: Page, tmp_path: Path) -> None:
    go(app, "Tune")
    add_step(app, "clip")
    point(app, 0.5, 0.6)
    raw = numbers(app.locator(".viewer .readout").inner_text().replace("\n", " ").split("before")[1])[0]
    expect(chart(app, "raw").locator(".value")).to_have_text(f"{raw:g} HU".replace("-", "−"))
    expect(chart(app, "after").locator(".value")).to_have_text(re.compile(f"{raw:g}".replace("-", "−")))
    assert painted(app) == 0
    chart(app, "raw").locator("svg").focus()
    app.keyboard.press("Home")
    plane = ct().data[22][ct().valid[22]]
    width = int(np.ceil((np.ptp(plane) + 1) / 256))
    first = plane[plane < plane.min() + width]
    expect(app.locator(".histograms .said")).to_have_text(
        re.compile(f"^raw −{-plane.min()} … .* HU, p{100 * first.size / plane.size:.2f}, ")
    )
    app.keyboard.press("ArrowRight")
    app.wait_for_function("() => document.documentElement.isConnected")
    expect(chart(app, "after").locator(".link")).to_be_visible()
    assert painted(app) > 0
    app.keyboard.press("Escape")
    expect(chart(app, "after").locator(".link")).to_have_count(0)
    app.get_by_role("button", name="cumulative").click()
    expect(chart(app, "raw").locator(".cumulative-curve")).to_be_visible()
    for format in ("SVG", "PNG"):
        with app.expect_download() as waiting:
            app.locator(".save", has_text=format).click()
        waiting.value.save_as(tmp_path / format)
        assert waiting.value.suggested_filename == f"ct_chest_histograms.{format.lower()}"
    drawing = ElementTree.parse(tmp_path / "SVG").getroot()
    assert [text.text for text in drawing.iterfind(".//{*}text[@class='title']")] == ["raw", "after 1 clip"]
    assert (tmp_path / "PNG").read_bytes()[1:4] == b"PNG"
