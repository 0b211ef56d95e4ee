"""Uploads beyond the limit by a real network, and the large files that are read, in small."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
import uvicorn
from starlette.middleware.exceptions import ExceptionMiddleware

from prep_core.io import load
from prep_ui.opening import arrivals as arrivals_module
from prep_ui.opening.arrivals import Arrivals, LargeUploads
from tests.reliability import held as held_module
from tests.reliability.uploads_read import FORMATS, volume
from tests.reliability.uploads_refused import MEGABYTE, refusal
from tests.ui.test_arrivals import PLACE, Streamlit

SENT, ALLOWED = 300 * MEGABYTE, 16
"""Bytes that are sent, and the limit in units of 2^20 bytes."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server of the dashboard, with what it does to uploads and nothing else."""
    own = Arrivals()
    monkeypatch.setattr(arrivals_module, "arrivals", lambda: own)
    monkeypatch.setattr(st, "get_option", lambda name: ALLOWED)
    monkeypatch.setattr(held_module, "PAUSE", 0.1)
    app = LargeUploads(ExceptionMiddleware(Streamlit()))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize(
    ("says_size", "most", "words"),
    [
        (True, 64, "the upload has 300,000,000 bytes, and 16,777,216"),
        (False, 100, "the upload has more than 16,842,752"),
    ],
)
def test_who_sends_too_much_is_cut_off(url: str, says_size: bool, most: int, words: str) -> None:
    refused = refusal(url, os.getpid(), PLACE, {}, SENT, says_size)
    assert words in refused.answer
    assert refused.sent < most * MEGABYTE
    assert refused.most.on_disk == 0


@pytest.mark.parametrize("name", FORMATS)
def test_the_files_that_are_uploaded_hold_the_volume(name: str, tmp_path: Path) -> None:
    voxels = volume(2)
    FORMATS[name](tmp_path / f"scan.{name}", voxels)
    (scan,) = load(tmp_path / f"scan.{name}", axes="ZYX")
    np.testing.assert_array_equal(scan.data, voxels)
    assert voxels.shape == (3, 512, 512)
