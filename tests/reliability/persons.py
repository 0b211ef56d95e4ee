"""People at the dashboard: each opens a sample with a recipe, and moves a slider of it now and then."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, ConsoleMessage, Page
from playwright.async_api import TimeoutError as Overdue

from prep_core import Recipe
from prep_core.samples import SAMPLES
from prep_ui.session import link
from tests.e2e.conftest import LOOKS_FOR_ROOT, QUIET, watch

PROBE = (Path(__file__).parent / "person.js").read_text("utf-8")
PATIENCE = 60_000
"""Milliseconds: on a server that cannot cope a move shall end as a slow one, and not as the end of all."""

THINKS = (10.0, 20.0)
"""Seconds between the picture of one value and the next key: from, to.

With 5 to 10 twenty browsers alone take 1.2 of 2 processors, the server 0.36: what is measured then is how the browsers
wait for each other.
"""

VIEWPORT: Mapping[str, int] = {"width": 1024, "height": 720}
OPENED = ("ct_chest", "ct_simulated", "mr_brain_bias", "fluorescence_nuclei", "us_phantom")
MOVED = (
    ("{step: gamma, gamma: 0.7}", "gamma"),
    ("{step: clahe, clip_limit: 0.01}", "clip_limit"),
    ("{step: gaussian, lengths_in: px, sigma: 1.0}", "sigma"),
    ("{step: unsharp, lengths_in: px, amount: 1.0}", "amount"),
)
"""Lines, and whose slider is moved."""

KEYS = ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
"""What is pressed in turn: mostly for a value not shown before, and now and then for one that was."""


@dataclass(frozen=True)
class Move:
    """From the key to the picture, in ms; the value that the slider had then, and the digest of its picture."""

    ms: float
    value: float
    picture: int


@dataclass
class Person:
    """Somebody with a recipe of their own; the first twenty have a sample and a slider that no other of them has."""

    number: int
    thinks: tuple[float, float] = THINKS
    moves: list[Move] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def sample(self) -> str:
        return OPENED[self.number % len(OPENED)]

    @property
    def slider(self) -> tuple[str, str]:
        """The line, and its parameter that is moved."""
        return MOVED[self.number // len(OPENED) % len(MOVED)]

    @property
    def name(self) -> str:
        return f"recipe of person {self.number}"

    def address(self, page: str = "tune") -> str:
        """Where `page` opens with the sample and the recipe; Inspect is the page without a name."""
        line, _ = self.slider
        recipe = Recipe.from_yaml(f"prep: 1\nname: {self.name}\nsteps:\n- step: percentile_rescale\n- {line}\n")
        return f"/{page}?{urlencode(link.write(self.sample, recipe, {}, 2))}"

    @asynccontextmanager
    async def at(self, browser: Browser, address: str) -> AsyncIterator[Page]:
        """A browser session of its own at `address`, gone at the end; what must not happen in it is a fault."""
        context = await browser.new_context(viewport=dict(VIEWPORT), reduced_motion="reduce", locale="en-GB")
        page = await context.new_page()
        seen = watch(page)
        page.on("console", lambda message: _note(message, seen))
        await page.add_init_script(PROBE)
        await page.goto(address, timeout=PATIENCE)
        await settled(page)
        yield page
        self.faults += seen
        await context.close()

    async def work(self, page: Page, until: asyncio.Event) -> None:
        """Think and move the slider until the end is said, and look whether all is as it was left."""
        thinking = random.Random(self.number)
        while not await _is_over(until, thinking.uniform(*self.thinks)):
            await self.move(page, KEYS[len(self.moves) % len(KEYS)])
        self.faults += await self._amiss(page)

    async def move(self, page: Page, key: str) -> None:
        """Press a key on the slider, and wait for its picture."""
        _, parameter = self.slider
        await page.locator(f"[class*='-{parameter}-slider'] input").first.focus()
        await page.evaluate("name => person.arm(name)", parameter)
        await page.keyboard.press(key)
        try:
            await page.wait_for_function("() => person.moved()", timeout=PATIENCE, polling=20)
        except Overdue:
            state = await page.evaluate("name => person.state(name)", parameter)
            self.faults.append(f"a move of {parameter} by {key} did not end in {PATIENCE / 1000:g} s: {state}")
        else:
            self.moves.append(Move(**await page.evaluate("() => person.moved()")))
        self.faults += await page.locator("[data-testid=stException], [class*=st-key-fault-]").all_inner_texts()

    async def _amiss(self, page: Page) -> list[str]:
        """What is not as this person left it."""
        _, parameter = self.slider
        chosen = await page.get_by_role("combobox", name="Scan").input_value()
        shown = await page.evaluate("name => person.box(name)", parameter)
        await page.get_by_test_id("stTopNavLink").filter(has_text="Recipe").click()
        await page.locator(".st-key-recipe-scan").wait_for(timeout=PATIENCE)
        await settled(page)
        held = Recipe.from_yaml(await page.get_by_test_id("stCode").first.inner_text())
        line, last = held.lines[-1], round(self.moves[-1].value, 4)
        found: dict[str, tuple[Any, Any]] = {
            "scan": (chosen, SAMPLES[self.sample].title),
            "recipe": (held.name, self.name),
            "value": (round(line.params[parameter], 4), last),
            "box": (round(shown, 4), last),
        }
        return [f"{what} is {is_now!r}, was {was!r}" for what, (is_now, was) in found.items() if is_now != was]


async def settled(page: Page) -> None:
    """As in tests.e2e.conftest, without the fonts."""
    await page.evaluate("delete window.quietSince")
    await page.wait_for_function(QUIET, timeout=PATIENCE, polling=50)


async def _is_over(until: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(until.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _note(message: ConsoleMessage, faults: list[str]) -> None:
    if message.type == "error" and not LOOKS_FOR_ROOT.fullmatch(message.location["url"]):
        faults.append(f"console: {message.text}")
