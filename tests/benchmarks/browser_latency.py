"""How long from a moved slider to the repainted slice, in a real browser: python -m tests.benchmarks.browser_latency.

Starts the dashboard, takes the CT sample, adds a window, and prints medians of 30: the window's slider in the viewer
(drawn in the browser), the slider of the same parameter below it (a round trip to the server), both with and without
CLAHE below the window, and as the yardstick an empty round trip (switching the selected line to itself).
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import find_browser, go, running_server, settled

ROUNDS = 30
FIND = """() => {
    const search = root => {
        for (const element of root.querySelectorAll("*")) {
            if (element.matches(".viewer")) return element;
            const inside = element.shadowRoot && search(element.shadowRoot);
            if (inside) return inside;
        }
        return null;
    };
    return window.viewerElement = search(document);
}"""
ARM = """names => {
    window.elapsed = null;
    const viewer = window.viewerElement, before = names.map(name => viewer.dataset[name]);
    const done = () => names.every((name, i) => viewer.dataset[name] !== before[i]);
    const observer = new MutationObserver(() => {
        if (!done()) return;
        observer.disconnect();
        // A paint is on the screen after the next frame.
        requestAnimationFrame(() => setTimeout(() => window.elapsed = performance.now() - window.started));
    });
    observer.observe(viewer, { attributes: true });
    document.addEventListener("keydown", () => window.started = performance.now(), { capture: true, once: true });
}"""


def timed(page: Page, key: str, changes: list[str]) -> float:
    """Milliseconds from a key press to the frame after all of the viewer's `changes`."""
    page.evaluate(FIND)
    page.evaluate(ARM, changes)
    page.keyboard.press(key)
    page.wait_for_function("() => window.elapsed !== null", timeout=20_000)
    return float(page.evaluate("() => window.elapsed"))


def median_of(measure: Callable[[int], float]) -> tuple[float, float]:
    values = sorted(measure(i) for i in range(ROUNDS))
    return statistics.median(values), values[int(0.95 * ROUNDS)]


def report(name: str, page: Page, changes: list[str]) -> None:
    def measure(i: int) -> float:
        elapsed = timed(page, "ArrowRight" if i % 2 == 0 else "ArrowLeft", changes)
        page.wait_for_timeout(300)
        settled(page)
        return elapsed

    median, slow = median_of(measure)
    sys.stdout.write(f"{name:44} median {median:6.1f} ms   p95 {slow:6.1f} ms\n")


def add(page: Page, step: str) -> None:
    page.get_by_role("button", name="Add a step").click()
    page.locator(f".st-key-tune-add-{step}").get_by_role("button").click()
    settled(page)


def main() -> None:
    options = find_browser()
    if options is None:
        raise SystemExit("no Chromium starts here; CHROMIUM may name one")
    folder = tempfile.mkdtemp()
    with running_server(Path(folder) / "log.txt") as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        settled(page)
        go(page, "Tune")
        add(page, "window")
        for words in ("window", "window and CLAHE"):
            page.locator(".viewer input.center").focus()
            report(f"{words}: slider in the viewer", page, ["painted"])
            page.locator("[class*='-center-slider'] input").focus()
            report(f"{words}: slider below, with the server", page, ["painted", "rev"])
            if words == "window":
                add(page, "clahe")
                page.get_by_role("button", name="1 window").click()
                settled(page)
        browser.close()


if __name__ == "__main__":
    main()
