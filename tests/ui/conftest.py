"""The dashboard, opened anew for each test."""

import pytest
from streamlit.testing.v1 import AppTest

from prep_ui.work import running
from tests.ui.dashboard import opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run of the page waits for the work that it begins: without a browser nothing looks again by itself."""
    monkeypatch.setattr(running, "PATIENCE", 60.0)


@pytest.fixture
def app() -> AppTest:
    """The dashboard as it opens."""
    return opened()
