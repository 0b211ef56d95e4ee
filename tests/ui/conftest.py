"""The dashboard, opened anew for each test."""

from functools import cache, lru_cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from prep_core.inspection import inspect
from prep_ui.work import compute, running
from tests.ui.dashboard import opened

COMPONENTS = cache(manifest_scanner.scan_component_manifests)
INSPECTED = lru_cache(maxsize=16)(inspect)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run of the page waits for the work that it begins: without a browser nothing looks again by itself."""
    monkeypatch.setattr(running, "PATIENCE", 60.0)


@pytest.fixture(autouse=True)
def known_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find out once what cannot change from one dashboard to the next: what is installed, and a scan in numbers."""
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", COMPONENTS)
    monkeypatch.setattr(compute, "inspect", INSPECTED)


@pytest.fixture
def app() -> AppTest:
    """The dashboard as it opens."""
    return opened()
