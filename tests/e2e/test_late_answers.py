"""A hand that goes on before the browser has heard the answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from prep_core import Recipe
from prep_ui.session import link
from tests.e2e.conftest import settled

GAMMA = Recipe.from_yaml("prep: 1\nname: late\nsteps:\n- {step: gamma, gamma: 1.0}\n")
STREAM = re.compile("/_stcore/stream")


class SlowLine:
    """The websocket of a page, which can hold back what the server says."""

    def __init__(self, page: Page) -> None:
        self.page, self.held, self.holds = page, list[bytes](), False
        page.route_web_socket(STREAM, self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if self.holds:
                assert isinstance(message, bytes)
                self.held.append(message)
            else:
                browser.send(message)

        self.browser = browser
        browser.connect_to_server().on_message(answer)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """What the server says in the block arrives after it."""
        self.holds = True
        yield
        self.holds = False
        for message in self.held:
            self.browser.send(message)
        self.held.clear()

    def wait_for_runs(self, count: int) -> None:
        """Wait until so many runs of the page came to their end."""
        while sum(_is_end(message) for message in self.held) < count:
            self.page.wait_for_timeout(20)


def _is_end(message: bytes) -> bool:
    kind = ForwardMsg.FromString(message).WhichOneof("type")
    return kind == "script_finished"


def test_a_second_key_counts_while_the_answer_to_the_first_is_on_its_way(page: Page, server: str) -> None:
    line = SlowLine(page)
    page.goto(f"{server}/tune?{urlencode(link.write('ct_chest', GAMMA, {}, 1))}")
    settled(page)
    slider, box = (page.locator(f"[class*='-gamma-{kind}'] input") for kind in ("slider", "box"))
    before = float(slider.input_value())
    slider.focus()
    with line.held_back():
        page.keyboard.press("ArrowRight")
        line.wait_for_runs(1)
        page.keyboard.press("ArrowRight")
        line.wait_for_runs(2)
    settled(page)
    step = float(slider.get_attribute("step") or "nan")
    expect(box).to_have_value(f"{before + 2 * step:.6g}")
    expect(slider).to_have_value(f"{before + 2 * step:.6g}")
