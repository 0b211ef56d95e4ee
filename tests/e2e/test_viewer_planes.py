"""Planes that the browser fetches by itself: slices at once, and three planes under one crosshair."""

import re

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from prep_ui.viewer.three_planes import cuts, taken
from tests.e2e.conftest import settled, watch
from tests.e2e.test_viewer import ct, numbers, picture, point, read

WATCH_SLICES = """() => {
    const search = root => [...root.querySelectorAll("*")]
        .map(element => element.matches(".viewer") ? element : element.shadowRoot && search(element.shadowRoot))
        .find(Boolean);
    const viewer = search(document);
    window.seen = [];
    new MutationObserver(() => {
        if (window.seen.at(-1) !== viewer.dataset.slice) window.seen.push(viewer.dataset.slice);
    }).observe(viewer, { attributes: true });
}"""


PRESS_FIVE = """canvas => {
    for (let i = 0; i < 5; i++) canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
}"""


@pytest.fixture
def frames(page: Page) -> list[object]:
    """What the page sends to the server."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    return sent


def drawn(page: Page) -> None:
    page.evaluate("() => new Promise(requestAnimationFrame)")


def test_slices_follow_the_keys_at_once_and_the_server_hears_of_the_last(page: Page, frames: list[object]) -> None:
    page.goto("/?sample=ct_chest&Z=20")
    settled(page)
    before = len(frames)
    page.evaluate(WATCH_SLICES)
    picture(page).focus()
    picture(page).evaluate(PRESS_FIVE)
    expect(page.locator(".viewer .turn output")).to_have_text("25 / 43")
    page.wait_for_function("() => window.seen.at(-1) === '25'")
    check_value(page, 25)
    settled(page)
    expect(page).to_have_url(re.compile("Z=25"))
    assert page.evaluate("() => window.seen") == ["25"]
    assert len(frames) == before + 1
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => window.seen.at(-1) === '24'")
    slider = page.get_by_role("slider", name="Slice", exact=True)
    slider.fill("40")
    page.wait_for_function("() => window.seen.at(-1) === '40'")
    settled(page)
    expect(page).to_have_url(re.compile("Z=40"))
    check_value(page, 40)


def check_value(page: Page, index: int) -> None:
    """Whether the first picture is slice `index` of the scan: its read-out, at one place."""
    point(page, 0.5, 0.5)
    place, _, value, *_ = read(page)
    x, y, z = map(int, numbers(place))
    assert (z, numbers(value)) == (index, [ct().data[z, y, x]])


def test_three_planes_meet_in_the_voxel_that_is_clicked(page: Page, frames: list[object]) -> None:
    page.goto("/?sample=ct_chest")
    settled(page)
    page.get_by_text("Three planes", exact=True).click()
    settled(page)
    figures = page.locator(".viewer figure")
    expect(figures.locator("figcaption")).to_contain_text(["Axial", "Coronal", "Sagittal"])
    assert figures.nth(1).locator(".rim:not(.stack)").all_inner_texts() == ["R", "L", "S", "I"]
    before = len(frames)
    box = figures.nth(1).locator("canvas.picture").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    for share in (0.55, 0.45, 0.4):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.52 * box["height"])
        drawn(page)
    page.wait_for_timeout(400)
    assert len(frames) == before
    page.mouse.up()
    settled(page)
    scan = ct()
    x, y, z = map(int, numbers(read(page)[0]))
    # All planes have the scale at which the largest of them, the axial one, fits.
    side = min(box["width"], box["height"])
    assert (x, y) == (int((0.5 - 0.1 * box["width"] / side) * 256), 128)
    position, value = read(page)[1:3]
    np.testing.assert_allclose(numbers(position), (scan.affine @ [z, y, x, 1])[:3], atol=0.051)
    assert numbers(value) == [scan.data[z, y, x]]
    expect(page).to_have_url(re.compile(f"Z={z}&Y={y}&X={x}"))
    figures.nth(2).locator("canvas.picture").focus()
    for key in ("PageUp", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    settled(page)
    sagittal = cuts(scan)[2]
    assert (sagittal.across, sagittal.right, sagittal.down, sagittal.down_reversed) == ("X", "Y", "Z", True)
    assert [int(n) for n in numbers(read(page)[0])] == [x + 1, y + 1, z - 2]
    assert numbers(read(page)[2]) == [taken(scan.data, sagittal, x + 1)[43 - (z - 2), y + 1]]


def test_two_fingers_zoom(context: BrowserContext, base_url: str) -> None:
    page = context.new_page()
    faults = watch(page)
    page.goto(f"{base_url}/?sample=phase_cell")
    settled(page)
    point(page, 0.5, 0.5)
    middle = read(page)[0]
    box = picture(page).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)

    def fingers(kind: str, *apart: float) -> None:
        points = [{"x": x + way * far, "y": y, "id": i} for far in apart for i, way in enumerate((-1, 1))]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", 20)
    for far in (30, 45, 60):
        fingers("touchMove", far)
    fingers("touchEnd")
    edge = [point(page, 0.5 + away, 0.5) and numbers(read(page)[0])[0] for away in (-0.25, 0.25)]
    point(page, 0.5, 0.5)
    assert read(page)[0] == middle
    # The picture fills the height of its canvas: a pixel of the screen is as many of the picture, over the zoom.
    per_pixel = 660 / box["height"] if box["height"] / box["width"] < 660 / 550 else 550 / box["width"]
    assert edge[1] - edge[0] == pytest.approx(0.5 * box["width"] * per_pixel / 3, rel=0.02)
    assert faults == []
