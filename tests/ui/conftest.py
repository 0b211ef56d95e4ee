"""The dashboard, opened anew for each test."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.dashboard import opened


@pytest.fixture
def app() -> AppTest:
    """The dashboard as it opens."""
    return opened()
