"""The figures that the dashboard is held to, each measured on a page of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from prep_core import Recipe
from prep_ui.session import link
from tests.benchmarks.latency_rounds import PATIENCE, PROBE, Drag, drags, listen, repeated, slider, until
from tests.benchmarks.latency_table import YARDSTICK, Figure
from tests.e2e.conftest import go, running_server, settled

OPENINGS = 5
"""Rounds of opening 512 x 512 x 512 voxels: each takes seconds and hundreds of megabytes."""

VOLUME = (300, 512, 512)


@dataclass(frozen=True)
class Bench:
    """Where and how often to measure: the dashboard's address, a folder for scans, and the rounds of each figure.

    `browser` plays a display of 60 frames a second; `unlimited` draws as fast as it can.
    """

    browser: Browser
    unlimited: Browser
    url: str
    folder: Path
    rounds: int

    @contextmanager
    def page(self, url: str = "", traffic: list[str] | None = None, unlimited: bool = False) -> Iterator[Page]:
        """A session of its own, with the probe in it; `traffic` fills with what it sends."""
        page = (self.unlimited if unlimited else self.browser).new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(PROBE)
        if traffic is not None:
            listen(page, traffic)
        page.goto(url or self.url)
        settled(page)
        yield page
        page.close()

    def scan(self, shape: tuple[int, ...], dtype: str = "int16") -> Path:
        """A file of smooth structure and noise, another in every plane."""
        path = self.folder / f"{'x'.join(map(str, shape))}.npy"
        if not path.exists():
            np.save(path, _pattern(shape).astype(dtype))
        return path


def _pattern(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    noise = np.random.default_rng(0).normal(0, 30, shape[-2:]).astype(np.float32)
    plane = noise + 600 * np.hypot(*np.ogrid[-1 : 1 : shape[-2] * 1j, -1 : 1 : shape[-1] * 1j]).astype(np.float32)
    # A shift and no offset: each plane is shown from its own black to its own white.
    return plane if len(shape) == 2 else np.stack([np.roll(plane, 7 * i, axis=1) for i in range(shape[0])])


def empty_fragment(bench: Bench) -> Iterator[Figure]:
    """The yardstick: what Streamlit and the browser take by themselves."""
    script = "tests/benchmarks/empty_fragment.py"
    with running_server(bench.folder / "empty.txt", script) as url, bench.page(url) as page:
        yield Figure(YARDSTICK, slider(page, "[data-testid=stSlider] input", bench.rounds, ["answer"]))


def window_drag(bench: Bench) -> Iterator[Figure]:
    """Dragging a window on one picture: what a frame takes, and how long it lasts on a display of 60 a second."""
    for side, target in ((512, 16.0), (1024, 20.0)):
        name = f"window drag, {side} x {side}"
        done, remark = _dragged(bench, side, unlimited=True)
        yield Figure(f"{name}: a frame", tuple(drag.frame for drag in done), target, remark)
        yield Figure(f"{name}: our drawing in it", tuple(drag.work for drag in done))
        done, remark = _dragged(bench, side, unlimited=False)
        yield Figure(f"{name}: a frame at 60 a second", tuple(drag.frame for drag in done), remark=remark)


def _dragged(bench: Bench, side: int, unlimited: bool) -> tuple[list[Drag], str]:
    traffic: list[str] = []
    with bench.page(traffic=traffic, unlimited=unlimited) as page:
        open_file(page, bench.scan((side, side)))
        add(page, "window")
        done = drags(page, traffic, bench.rounds)
    painted, sent = sum(drag.painted for drag in done), sum(drag.sent for drag in done)
    return done, f"{painted} frames painted, {sent} requests and messages sent"


def server_step(bench: Bench) -> Iterator[Figure]:
    """A slider of a step that the server carries out, to the repainted slice and its histograms."""
    for step, name, parameter in (
        ("clahe", "clip limit", "clip_limit"),
        ("percentile_rescale", "upper percentile", "high"),
    ):
        with bench.page() as page:
            open_file(page, bench.scan(VOLUME))
            add(page, step)
            selector = f"[class*='-{parameter}-slider'] input"
            values = slider(page, selector, bench.rounds, ["painted", "rev", "histograms"])
        yield Figure(f"{name} of {step}, 512 x 512 x 300, to picture and histograms", values, 150)


def slice_change(bench: Bench) -> Iterator[Figure]:
    """Keys on the picture, one slice after the other, until the picture shows it."""
    with bench.page() as page:
        open_file(page, bench.scan(VOLUME))
        page.locator("canvas.picture").first.focus()

        def turn(_: int) -> float:
            return until(page, "keydown", lambda: page.keyboard.press("ArrowRight"), ["painted", "pixels"])

        yield Figure("slice change, 512 x 512 x 300", repeated(page, bench.rounds, turn), 30)


def page_switch(bench: Bench) -> Iterator[Figure]:
    """Each page, visited before, until it stands whole: with its picture, and nothing running."""
    address = link.write("ct_chest", Recipe.from_yaml("prep: 1\nname: r\nsteps:\n- step: window\n"), {"Z": 20}, 1)
    query = "&".join(f"{name}={value}" for name, value in address.items())
    with bench.page(f"{bench.url}/tune?{query}") as page:
        for names, marks in (
            (("Inspect", "Tune"), (".st-key-inspect-scan", ".st-key-tune-scan")),
            (("Recipe", "Header"), (".st-key-recipe-scan", ".st-key-header-scan")),
        ):
            go(page, names[0])
            go(page, names[1])

            def switch(i: int, names: tuple[str, str] = names, marks: tuple[str, str] = marks) -> float:
                to = page.get_by_test_id("stTopNavLink").filter(has_text=names[i % 2])
                return until(page, "click", to.click, ["page"], [marks[i % 2]], steady=True)

            yield Figure(f"page switch, {names[0]} and {names[1]}", repeated(page, bench.rounds, switch), 300)


def opening(bench: Bench) -> Iterator[Figure]:
    """From the chosen file to its first picture; the time a person takes to say what the axes are is left out."""
    path = bench.scan((512, 512, 512), "float32")
    values = []
    for _ in range(min(OPENINGS, bench.rounds)):
        with bench.page() as page:
            choose = partial(page.locator("input[type=file]").first.set_input_files, path)
            asked = until(page, "change", choose, [], [".st-key-inspect-open button"])
            say = page.get_by_role("button", name="Open it so")
            shown = until(page, "click", say.click, ["rev", "painted"])
            values.append(asked + shown)
    remark = f"{path.stat().st_size / 1e6:.0f} MB"
    yield Figure("512 x 512 x 512 npy, to its first picture", tuple(values), 3000, remark)


def open_file(page: Page, path: Path) -> None:
    """Open `path` on the page Inspect; three axes are slices, rows and columns."""
    settled(page)
    page.locator("input[type=file]").first.set_input_files(path)
    # The uploader is another one once the file has arrived.
    page.locator(".st-key-inspect-upload-1").wait_for(timeout=PATIENCE)
    settled(page)
    say = page.get_by_role("button", name="Open it so")
    if say.count():
        say.click()
        settled(page)


def add(page: Page, step: str) -> None:
    """Add `step` to the recipe on the page Tune, where it is then selected."""
    go(page, "Tune")
    page.get_by_role("button", name="Add a step").click()
    page.locator(f".st-key-tune-add-{step}").get_by_role("button").click()
    settled(page)
