"""What axe-core says of a page, and which element a keyboard has reached."""

import re
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FloatRect, Locator, Page

SEVERE = ("serious", "critical")
MOST_STOPS = 150
MARGIN = 6
"""CSS pixels around an element in which a ring may show that it has the focus."""

ACTIVE = """() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
}"""
LIES = """element => {
    // Streamlit lays a slider's or a switch's input over what is drawn, or hides it beside that.
    const around = element.matches("input") && element.closest("label, [role=slider], [data-baseweb]");
    const drawn = around || element;
    const { x, y, width, height } = drawn.getBoundingClientRect();
    return { x, y, width, height };
}"""
AROUND = f"""() => {{
    const stop = ({ACTIVE})();
    if (stop === document.body || stop === window.firstStop) return true;
    window.firstStop ??= stop;
    return false;
}}"""


def severe(page: Page) -> list[str]:
    """Every violation that axe-core calls serious or critical: the rule, where, and what to do."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    rules = [rule for rule in found if rule["impact"] in SEVERE]
    return [f"{rule['id']}: {node['target']}: {node['failureSummary']}" for rule in rules for node in rule["nodes"]]


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if has_focus(target):
            return
        passed.append(called(page))
    raise AssertionError(f"{target} was not reached by Tab, but these were: {passed}")


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate_all("found => found.some(element => element.getRootNode().activeElement === element)"))


def stops(page: Page) -> Iterator[str]:
    """Press Tab once around the page; give each stop by how it is called."""
    page.evaluate("delete window.firstStop")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(AROUND):
            return
        yield called(page)
    raise AssertionError(f"the page has no end after {MOST_STOPS} presses of Tab")


def called(page: Page) -> str:
    """What has the focus, in the words of its markup."""
    words = "e => `${e.tagName} ${e.ariaLabel ?? ''} ${e.title ?? ''} ${e.innerText ?? ''} ${e.type ?? ''}`"
    return re.sub(r"\s+", " ", page.evaluate_handle(ACTIVE).evaluate(words))[:90]


def shows_focus(page: Page) -> bool:
    """Whether the element that has the focus looks otherwise than without it."""
    element = page.evaluate_handle(ACTIVE)
    clip = around(element.evaluate(LIES))
    focused = page.screenshot(clip=clip, animations="disabled")
    element.evaluate("element => element.blur()")
    without = page.screenshot(clip=clip, animations="disabled")
    # Tab goes on from here, also where an element without the focus is hidden.
    element.evaluate("element => element.focus()")
    return without != focused


def around(box: FloatRect) -> FloatRect:
    x, y = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
    return {"x": x, "y": y, "width": box["width"] + 2 * MARGIN, "height": box["height"] + 2 * MARGIN}
