"""A server that a hospital's IT would let in: it says what was loosened, and its faults say nothing of a scan."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from tests.e2e.conftest import running_server

FAULT = "[class*=st-key-fault-]"
NUMBER = re.compile(r"number\s+([0-9a-f]{8})\.")
LOOSER = ("--client.toolbarMode", "developer", "--server.maxUploadSize", "2048")


def test_nothing_is_said_where_nothing_is_loosened(server: str, server_log: Path) -> None:
    assert "Loosened" not in server_log.read_text()


def test_a_server_says_what_was_loosened_and_a_fault_shows_a_number(context: BrowserContext, tmp_path: Path) -> None:
    log, seen = tmp_path / "log.txt", list[bytes | str]()
    page = context.new_page()
    page.on("websocket", lambda socket: listen(socket, seen))
    with running_server(log, "tests/e2e/faulty_app.py", LOOSER) as url:
        told = [line.split("Loosened: ")[1] for line in log.read_text().splitlines() if "Loosened: " in line]
        numbers = [number_after(page, url, f"Fail in a {where}") for where in ("fragment", "callback")]
    assert [sentence.split(" is ")[0] for sentence in told] == ["server.maxUploadSize", "client.toolbarMode"]
    assert "2048" in told[0]
    assert len(set(numbers)) == 2
    logged = log.read_text()
    assert all(f"Fault {number}" in logged for number in numbers)
    assert "in fail" in logged
    assert "builtins.RuntimeError" in logged
    received = [frame.encode() if isinstance(frame, str) else frame for frame in seen]
    assert len(received) > 5
    assert [text for text in (*received, logged.encode()) if b"CANARY" in text] == []


def listen(socket: WebSocket, seen: list[bytes | str]) -> None:
    socket.on("framereceived", lambda payload: seen.append(payload))


def number_after(page: Page, url: str, button: str) -> str:
    """The number of the fault that a click on `button` of the faulty page at `url` ends in."""
    page.goto(url)
    page.get_by_role("button", name=button).click()
    expect(page.locator(FAULT)).to_contain_text(NUMBER)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    (number,) = NUMBER.findall(page.locator(FAULT).inner_text())
    return str(number)
