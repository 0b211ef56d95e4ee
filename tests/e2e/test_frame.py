"""What surrounds every page: headers, hosts, navigation, colours; and the watch that all journeys rely on."""

import base64
import hashlib
import re
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import go, running_server, settled, watch

TITLES = ["Inspect", "Tune", "Recipe"]


def status(server: str, path: str, headers: Mapping[str, str]) -> int:
    """The status of the answer to GET `path`, with headers that a browser would not let us set."""
    connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def handshake(host: str, origin: str) -> dict[str, str]:
    """The headers that ask for the websocket (RFC 6455, section 4.1)."""
    return {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
    }


def test_health(server: str) -> None:
    with urlopen(f"{server}/_stcore/health") as answer:
        assert answer.read() == b"ok"


@pytest.mark.parametrize("path", ["/", "/tune", "/_stcore/health", "/no-such-page"])
def test_every_answer_carries_the_headers(server: str, path: str) -> None:
    with urlopen(server + path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_policy_knows_the_inline_scripts(server: str) -> None:
    with urlopen(server) as answer:
        policy = answer.headers["Content-Security-Policy"]
        scripts = re.findall(r"<script>(.*?)</script>", answer.read().decode(), re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert hashes == set(re.findall(r"'sha256-([^']+)'", policy))


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1", 101),
        ("localhost", "http://localhost", 101),
        ("evil.example", "http://evil.example", 400),
        ("127.0.0.1", "http://evil.example", 403),
    ],
)
def test_the_websocket_opens_only_for_this_computer(server: str, host: str, origin: str, expected: int) -> None:
    port = server.rpartition(":")[2]
    headers = handshake(f"{host}:{port}", f"{origin}:{port}")
    assert status(server, "/_stcore/stream", headers) == expected


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", 200), ("localhost", 200), ("evil.example", 400)])
def test_pages_are_served_only_to_this_computer(server: str, host: str, expected: int) -> None:
    assert status(server, "/", {"Host": host}) == expected


def test_the_page_talks_over_a_websocket(page: Page, server: str) -> None:
    with page.expect_websocket() as opened:
        page.goto("/")
    settled(page)
    assert opened.value.url == server.replace("http", "ws") + "/_stcore/stream"


def test_navigation_opens_every_page(app: Page, server: str) -> None:
    expect(app.get_by_test_id("stTopNavLink")).to_contain_text(TITLES)
    for title, address in reversed(list(zip(TITLES, ["/", "/tune", "/recipe"], strict=True))):
        go(app, title)
        assert app.url.partition("?")[0] == server + address


def test_deep_link_as_the_first_request_of_a_server(page: Page, tmp_path: Path) -> None:
    with running_server(tmp_path / "log.txt") as url:
        page.goto(f"{url}/tune")
        settled(page)
        links = page.get_by_test_id("stTopNavLink")
        expect(links).to_contain_text(TITLES)
        expect(links.filter(has_text="Tune")).to_have_attribute("aria-current", "page")
        assert page.title() == "Tune · prep"


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(246, 246, 246)"), ("dark", "rgb(30, 30, 30)")])
def test_pictures_stand_on_neutral_grey(page: Page, scheme: Literal["light", "dark"], ground: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    settled(page)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("setTimeout(() => { throw new Error('planted') })", "script error: planted"),
        ("fetch('http://127.0.0.2:9/').catch(() => 0)", "Content Security Policy"),
        ("new Image().src = 'http://127.0.0.2:9/x.png'", "Content Security Policy"),
        ("fetch('/_stcore/no-such-thing', {method: 'PUT'})", "answer 405"),
    ],
)
def test_the_watch_sees_a_planted_fault(context: BrowserContext, script: str, fault: str) -> None:
    page = context.new_page()
    faults = watch(page)
    page.goto("/")
    settled(page)
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(500)
    assert any(fault in found for found in faults), faults


def test_the_watch_sees_a_request_to_another_host(context: BrowserContext) -> None:
    page = context.new_page()
    faults = watch(page)
    page.set_content("<img src='http://127.0.0.2:9/x.png'>")
    assert faults == ["request to another host: http://127.0.0.2:9/x.png"]
