"""What a server does before it answers, without starting one; tests/e2e/test_safety.py starts one."""

import logging
import tempfile
from pathlib import Path

import pytest
import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit import net_util

from prep_ui.opening.arrivals import Arrivals
from prep_ui.safety import sign_in
from prep_ui.safety.loosened import FOLDERS
from prep_ui.safety.sign_in import SecretsError, is_asked, providers
from prep_ui.safety.starting import OURS, starting
from tests.aside import run_aside
from tests.ui.dashboard import ROOT
from tests.ui.test_arrivals import END, HEAD, Streamlit, held, put

__all__ = ["held"]


async def begin() -> list[int]:
    """How many handlers our loggers have while the server runs."""
    async with starting(st.App(ROOT / "prep_ui" / "main.py")):
        return [len(logging.getLogger(name).handlers) for name in OURS]


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "_external_ip", None)
    sign_in._auth.cache_clear()


def test_what_is_loosened_is_logged_and_the_loggers_are_left_as_they_were(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = [len(logging.getLogger(name).handlers) for name in OURS], logging.getLogRecordFactory()
    monkeypatch.setenv(FOLDERS, "/data")
    assert run_aside(begin()) == [handlers + 1 for handlers in before[0]]
    assert [record.getMessage().partition(" is set")[0] for record in caplog.records] == [f"Loosened: {FOLDERS}"]
    assert ([len(logging.getLogger(name).handlers) for name in OURS], logging.getLogRecordFactory()) == before


def test_nobody_on_the_internet_is_asked_for_our_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, timeout=0: asked.append(url))
    net_util.get_external_ip()
    assert len(asked) == 2, "without what the start does, Streamlit asks"
    run_aside(begin())
    assert net_util.get_external_ip() == "127.0.0.1"
    assert len(asked) == 2


def test_no_upload_is_written_to_the_disk(held: Arrivals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is none where it could be written: from 1 MB on Starlette would, and Streamlit leaves it to that."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1 << 20)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    body = HEAD + bytes(5 << 20) + END
    with pytest.raises(FileNotFoundError, match="nowhere"):
        put(Streamlit(), [body])
    run_aside(begin())
    behind = Streamlit()
    assert put(behind, [body]) == 204
    assert behind.data == bytes(5 << 20)
    assert put(behind, [HEAD + bytes(9 << 20) + END]) == 204
    assert len(held) == 1


def test_secrets_that_cannot_be_read_open_no_door(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    monkeypatch.setattr(sign_in.secrets_singleton, "load_if_toml_exists", lambda: False)
    monkeypatch.setattr(sign_in.st, "get_option", lambda name: [str(there)])
    assert not is_asked()
    there.write_text("[auth")
    sign_in._auth.cache_clear()
    with pytest.raises(SecretsError, match="nobody knows who may sign in"):
        is_asked()
    sign_in._auth.cache_clear()


def test_providers_are_those_with_a_client() -> None:
    assert providers({"client_id": "a", "redirect_uri": "b"}) == ("",)
    assert providers({"redirect_uri": "b", "one": {"client_id": "a"}, "two": {"client_id": "b"}}) == ("one", "two")
