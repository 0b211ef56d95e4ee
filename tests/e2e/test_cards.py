"""The cards of Tune in a real browser: a line goes to another place by mouse, by keys and by clicks."""

from playwright.sync_api import Locator, Page, expect

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_ui.session import link
from tests.e2e.conftest import settled

THREE = Recipe((Line("window"), Line("gamma"), Line("minmax")))


def opened(page: Page) -> None:
    parameters = link.write("fluorescence_nuclei", THREE, {}, 1)
    page.goto("/tune?" + "&".join(f"{name}={value}" for name, value in parameters.items()))
    settled(page)


def handle(page: Page, step: str) -> Locator:
    return page.get_by_role("button", name=f"Move {step}")


def order(page: Page) -> list[str]:
    settled(page)
    labels = [each.get_attribute("aria-label") or "" for each in page.locator(".handle .take").all()]
    return [label.removeprefix("Move ").partition(",")[0] for label in labels]


def said(page: Page) -> str:
    return " ".join(page.locator(".handle .said").all_inner_texts()).strip()


def shifts(page: Page) -> int:
    """How many cards do not lie where the page put them."""
    count = "cards => cards.filter(card => card.parentElement.style.transform).length"
    return int(page.locator("[class*='st-key-card-']").evaluate_all(count))


def pulled(page: Page, step: str, by: int) -> None:
    box = handle(page, step).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by, steps=5)


def pulled_by_finger(page: Page, step: str, by: int) -> None:
    box = handle(page, step).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    browser = page.context.new_cdp_session(page)
    for kind, at in (("Start", y), ("Move", y + by / 2), ("Move", y + by)):
        browser.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [{"x": x, "y": at}]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()


def test_a_card_is_dragged_and_undo_takes_it_back(page: Page) -> None:
    opened(page)
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settled(page)
    sent.clear()
    pulled(page, "minmax", -400)
    assert shifts(page) == 3
    assert sent == []
    page.mouse.up()
    assert order(page) == ["minmax", "window", "gamma"]
    assert shifts(page) == 0
    undo(page)
    assert order(page) == ["window", "gamma", "minmax"]
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    pulled(page, "gamma", 20)
    page.mouse.up()
    assert order(page) == ["window", "gamma", "minmax"]
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_card_is_moved_by_keys_by_clicks_and_by_finger(page: Page) -> None:
    opened(page)
    handle(page, "window").focus()
    page.keyboard.press("Space")
    assert said(page).startswith("window taken, place 1 of 3.")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    assert said(page) == "Place 2 of 3."
    page.keyboard.press("Space")
    assert order(page) == ["gamma", "window", "minmax"]
    expect(handle(page, "window")).to_be_focused()
    assert "window is now at place 2 of 3." in said(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert shifts(page) == 0
    assert order(page) == ["gamma", "window", "minmax"]
    handle(page, "minmax").click()
    page.locator(".steps:not([hidden]) .up").click()
    handle(page, "minmax").click()
    assert order(page) == ["gamma", "minmax", "window"]
    pulled_by_finger(page, "window", -400)
    assert order(page) == ["window", "gamma", "minmax"]
