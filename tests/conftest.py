"""What all tests share: the settings of Hypothesis, and the real scans that lie beside the project."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LEFT_OUT = pytest.StashKey[int]()

IN_CI = "CI" in os.environ
# There the same examples each time: a red run must mean a changed project, not an unlucky draw.  And fewer, as all
# checks together may take 20 minutes.
settings.register_profile("prep", deadline=None, max_examples=40 if IN_CI else 60, derandomize=IN_CI)
settings.load_profile("prep")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shared_data: reads the real scans in ../shared/data")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what reads the real scans where they are not there, and count it for the report."""
    if SHARED_DATA.is_dir():
        return
    if os.environ.get("PREP_REQUIRE_SHARED") == "1":
        raise pytest.UsageError(f"PREP_REQUIRE_SHARED is 1, but there is no folder {SHARED_DATA}")
    needy = [item for item in items if item.get_closest_marker("shared_data")]
    items[:] = [item for item in items if item not in needy]
    config.hook.pytest_deselected(items=needy)
    config.stash[LEFT_OUT] = len(needy)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Take what was collected, which stays to the end, out of the sight of the garbage collector.

    Streamlit calls it after each run of a page, and it would look through 14,000 tests each time.
    """
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"tests left out: {count}, which read real scans; there is no {SHARED_DATA}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scans.  A test that uses it carries the mark `shared_data`."""
    return SHARED_DATA


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put the main module back: a page that runs in a test leaves its script there, and worker processes import it."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
