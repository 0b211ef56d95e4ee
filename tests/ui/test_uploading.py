"""Who may upload where a sign-in is asked for; tests/e2e/test_sign_in.py signs in with a real provider."""

from types import SimpleNamespace

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from streamlit import runtime

from prep_ui.safety import sign_in
from prep_ui.safety.uploading import REFUSAL, UploadsOfSignedIn
from tests.aside import run_aside

SESSIONS = {"jane": {"is_logged_in": True, "email": "jane@h"}, "nobody": {"is_logged_in": False}, "gone": {}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A running server that asks everybody to sign in."""
    found = {name: SimpleNamespace(_user_info=user) for name, user in SESSIONS.items()}
    monkeypatch.setattr(sign_in, "is_asked", lambda: True)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(get_app_session=found.get))


def answer(path: str, method: str = "PUT") -> tuple[int, bytes]:
    """Status and body; 204 is that of what stands behind, which reads nothing."""
    sent: list[dict[str, object]] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=204)(scope, receive, send)

    async def receive() -> dict[str, object]:
        raise AssertionError("a byte was taken")

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": []}
    run_aside(UploadsOfSignedIn(behind)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("session", ["nobody", "gone", "unknown"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("root", ["", "/base"])
@pytest.mark.usefixtures("asked")
def test_a_stranger_uploads_and_removes_nothing(session: str, method: str, root: str) -> None:
    assert answer(f"{root}/_stcore/upload_file/{session}/file", method) == (403, REFUSAL.encode())


@pytest.mark.usefixtures("asked")
def test_who_signed_in_uploads_and_other_addresses_are_not_asked_for() -> None:
    assert answer("/_stcore/upload_file/jane/file")[0] == 204
    assert answer("/_stcore/upload_file/nobody/file", "OPTIONS")[0] == 204
    assert answer("/_stcore/health", "GET")[0] == 204


def test_where_nobody_has_to_sign_in_everybody_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "is_asked", lambda: False)
    assert answer("/_stcore/upload_file/unknown/file")[0] == 204


def test_before_the_server_runs_nobody_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "is_asked", lambda: True)
    assert answer("/_stcore/upload_file/jane/file")[0] == 403
