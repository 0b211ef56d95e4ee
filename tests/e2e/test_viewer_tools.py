"""The ruler and the box of the viewer, and the same place before and after a step that turns the grid."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from prep_core import Recipe
from prep_ui.session import link
from tests.e2e.conftest import settled
from tests.e2e.test_viewer import ct, lies, numbers, picture, point, read

SIDE = 256
"""Pixels on a side of the CT."""


def square(page: Page) -> tuple[float, float, float]:
    """Left, top and side of the first picture, which is square, in the middle of its canvas."""
    box = lies(page)
    side = min(box["width"], box["height"])
    return box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2, side


def measured(page: Page) -> tuple[float, ...]:
    """Count, mean and standard deviation in the region of the first picture."""
    first = read(page)[0].split("   ")[0]
    return tuple(numbers(first.replace("\u2009", "")))


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> tuple[float, float]:
    """Drag between two places, in pixels of the screen from near the corner of the picture; gives how far from it."""
    left, top, _ = square(page)
    # A pointer stands on whole pixels of the screen.
    shift = round(left) - left, round(top) - top
    page.mouse.move(round(left) + start[0], round(top) + start[1])
    page.mouse.down()
    page.mouse.move(round(left) + end[0], round(top) + end[1], steps=3)
    page.mouse.up()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return shift


def test_the_ruler_measures_millimetres(app: Page) -> None:
    app.get_by_role("button", name="ruler").click()
    drag(app, (60, 70), (180, 230))
    # 120 and 160 on the screen: the long side of a triangle of 3, 4 and 5.
    pixels = 200 / square(app)[2] * SIDE
    length, shown = numbers(read(app)[0])
    assert shown == pytest.approx(pixels, abs=0.06)
    assert length == pytest.approx(pixels * ct().spacing[-1], abs=0.06)
    picture(app).press("Escape")
    expect(app.locator(".viewer .readout span", has_text="length")).to_have_count(0)


def test_a_box_counts_what_is_inside_and_no_padding(app: Page) -> None:
    app.get_by_role("button", name="box", exact=True).click()
    start, end = (20, 10), (150, 120)
    shift = drag(app, start, end)
    centres = (np.arange(SIDE) + 0.5) / SIDE * square(app)[2]
    columns, rows = ((centres >= a + s) & (centres < b + s) for a, b, s in zip(start, end, shift, strict=True))
    scan = ct().take({"Z": 22})
    inside = np.ix_([0], rows, columns)
    values = scan.data[inside][scan.valid[inside]]
    assert values.size < rows.sum() * columns.sum()
    count, mean, std = measured(app)
    assert count == values.size
    assert mean == pytest.approx(values.mean(), abs=0.051)
    assert std == pytest.approx(values.std(), abs=0.051)


def test_an_ellipse_is_laid_and_moved_with_keys_and_counts_what_is_inside(app: Page) -> None:
    picture(app).focus()
    for key in ("e", "Enter", *["ArrowRight"] * 3, *["Shift+ArrowDown"] * 8):
        app.keyboard.press(key)
    app.evaluate("() => new Promise(requestAnimationFrame)")
    count, mean, std = measured(app)
    # A tenth of 256 pixels to each side of the middle, on whole pixels; then 3 to the right, and 8 more down.
    middle, reach = 128, round(0.1 * SIDE)
    assert reach == 26
    x, y = np.arange(SIDE) + 0.5 - (middle + 3), np.arange(SIDE) + 0.5 - (middle + 4)
    inside = (x[None, :] / reach) ** 2 + (y[:, None] / (reach + 4)) ** 2 < 1
    scan = ct().take({"Z": 22})
    values = scan.data[0][inside & scan.valid[0]]
    assert count == values.size
    assert mean == pytest.approx(values.mean(), abs=0.051)
    assert std == pytest.approx(values.std(), abs=0.051)
    expect(app.locator(".viewer .stack").first).to_have_text("Slice 22 / 43")


def test_both_pictures_tell_the_values_of_one_place_in_the_body(page: Page) -> None:
    recipe = Recipe.from_yaml("prep: 1\nname: turned\nsteps:\n- step: reorient\n  axes: RAS\n")
    address = link.write("ct_chest", recipe, {"Z": 20}, 1)
    page.goto("/tune?" + "&".join(f"{name}={value}" for name, value in address.items()))
    settled(page)
    assert page.locator(".viewer .rim:not(.stack)").all_inner_texts() == list("RLAP") + list("LRPA")
    for place in ((0.45, 0.3), (0.6, 0.55), (0.52, 0.8)):
        point(page, *place)
        _, _, before, after = read(page)
        assert numbers(before) == numbers(after)
