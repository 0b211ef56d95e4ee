"""Signing in with a real OpenID provider, which runs beside the dashboard."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from prep_ui.safety.uploading import REFUSAL
from tests.e2e.conftest import go, running_server, settled

PATIENCE = 60_000
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "only for this test, and long enough"
client_id = "prep"
client_secret = "of prep"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of an OpenID provider that believes whatever name it is told."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://localhost:{port}"
        finally:
            process.kill()


def test_nothing_is_shown_before_somebody_signed_in(context: BrowserContext, provider: str, tmp_path: Path) -> None:
    secrets, log = tmp_path / "secrets.toml", tmp_path / "log.txt"
    secrets.write_text(SECRETS.format(provider=provider))
    page, traffic = context.new_page(), list[bytes | str]()
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: traffic.append(payload)))
    with running_server(log, flags=("--secrets.files", str(secrets))) as url:
        urlopen(f"{provider}/.well-known/openid-configuration").close()
        for path in ("", "/recipe"):
            page.goto(url + path)
            closed(page)
        assert put(page, url, session_in(traffic)) == (403, REFUSAL)
        sign_in(page, "jane@hospital.example")
        expect(page.get_by_text("Signed in as jane")).to_be_visible(timeout=PATIENCE)
        settled(page)
        expect(page.locator("input[type=file]").first).to_be_attached()
        assert put(page, url, session_in(traffic))[0] == 204
        go(page, "Recipe")
        expect(page.get_by_role("button", name="Download recipe")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        # The provider ends its own session too, and asks before it does.
        page.wait_for_url(f"{provider}/oauth2/end_session*", timeout=PATIENCE)
        page.goto(url)
        closed(page)
    assert "jane" not in log.read_text()


def closed(page: Page) -> None:
    """The page shows the way in and nothing else."""
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("input[type=file], canvas, [data-testid=stDownloadButton]")).to_have_count(0)


def session_in(traffic: list[bytes | str]) -> str:
    """The session that the newest page is, as the server told it."""
    messages = [ForwardMsg.FromString(frame) for frame in traffic if isinstance(frame, bytes)]
    return next(found for message in reversed(messages) if (found := message.new_session.initialize.session_id))


def put(page: Page, url: str, session: str) -> tuple[int, str]:
    """Upload a file in the name of `session`, by the cookies of this browser; the answer."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(url)}
    answer = page.request.put(
        f"{url}/_stcore/upload_file/{session}/a-file",
        multipart={"file": {"name": "scan.npy", "mimeType": "application/octet-stream", "buffer": bytes(2000)}},
        headers={"X-Xsrftoken": cookies["_streamlit_xsrf"]},
    )
    return answer.status, answer.text()


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(name)
    page.get_by_role("button", name="Authorize").click()
