"""A real server and a real browser.

A test takes the fixture `app`, the dashboard open in a page that is watched for faults, and imports the
helpers `settled` and `go` from here.  CHROMIUM names a browser; without it the usual places are tried, then
Playwright's own.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response, expect

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "msedge", "microsoft-edge")
OURS = re.compile(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:")
# After a deep link, Streamlit asks at several addresses where its root is.
LOOKS_FOR_ROOT = re.compile(r"http://127\.0\.0\.1:\d+/\w+/_stcore/(health|host-config)")
LAUNCH = pytest.StashKey[dict[str, Any]]()
LEFT_OUT = pytest.StashKey[int]()

# How busy the machine is must not decide a test.
expect.set_options(timeout=30_000)

# A process of its own: Playwright runs one driver in a process, and here that is the one of the tests.
TRY_LAUNCH = """
import json, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.launch(**json.loads(sys.argv[1])).close()
"""

# A script may start a moment after the click that asked for it, so quiet has to last.  Work with a button to cancel it
# goes on beside the script.
QUIET = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const quiet = app?.dataset.testScriptState === "notRunning"
        && app.dataset.testConnectionState === "CONNECTED"
        && !document.querySelector("[data-testid=stSkeleton], [data-stale=true]")
        && !document.querySelector("[class*=st-key-work-][class*=-cancel]");
    window.quietSince = quiet ? window.quietSince ?? performance.now() : undefined;
    return quiet && performance.now() - window.quietSince > 300;
}"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser leave these tests out, or stop if PREP_REQUIRE_BROWSER is 1."""
    ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    if not ours:
        return
    options = find_browser() or (install_browser() and find_browser())
    if options:
        config.stash[LAUNCH] = options
    elif os.environ.get("PREP_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError("PREP_REQUIRE_BROWSER is 1, but no Chromium starts here; CHROMIUM may name one")
    else:
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
        config.stash[LEFT_OUT] = len(ours)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"tests left out: {count}, which need a Chromium that starts here; see CONTRIBUTING.md"
        )


def find_browser() -> dict[str, Any] | None:
    """Options with which Playwright can start a browser here, or None."""
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]
    executables = [*filter(None, named), None]
    # Chromium's sandbox refuses root, and containers often refuse the sandbox.
    sandboxes = (False,) if is_root() else (True, False)
    choices = ({"executable_path": path, "chromium_sandbox": box} for path, box in product(executables, sandboxes))
    return next(filter(launches, choices), None)


def needed_browser() -> dict[str, Any]:
    """As `find_browser`, for programs that can do nothing without one.

    Raises
    ------
    SystemExit
        Where no browser starts.
    """
    options = find_browser()
    if options is None:
        raise SystemExit("no Chromium starts here; CHROMIUM may name one")
    return options


def launches(options: Mapping[str, Any]) -> bool:
    command = [sys.executable, "-c", TRY_LAUNCH, json.dumps(options)]
    return subprocess.run(command, capture_output=True, timeout=120).returncode == 0


def install_browser() -> bool:
    """Whether Playwright could download its own Chromium."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, timeout=600).returncode == 0


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: Mapping[str, Any], pytestconfig: pytest.Config
) -> dict[str, Any]:
    same_everywhere = ["--force-color-profile=srgb", "--font-render-hinting=none"]
    found = pytestconfig.stash[LAUNCH]
    return {**browser_type_launch_args, **found, "args": same_everywhere}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 720},
        "device_scale_factor": 1,
        "reduced_motion": "reduce",
        "color_scheme": "light",
        "locale": "en-GB",
        "timezone_id": "UTC",
    }


@contextmanager
def running_server(log: Path, script: str = "app.py", flags: Sequence[str] = ()) -> Iterator[str]:
    """A dashboard of its own on a free port, its output in `log`; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *flags]
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(url, process, log)
            yield url
        finally:
            process.kill()


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 300
    while not is_healthy(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the dashboard did not start; it said:\n{log.read_text()}")
        time.sleep(0.1)


def is_healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that holds what `server` says."""
    return tmp_path_factory.mktemp("server") / "log.txt"


@pytest.fixture(scope="session")
def server(server_log: Path) -> Iterator[str]:
    """The address of the dashboard that all tests share; each test is a session of its own."""
    with running_server(server_log) as url:
        yield url


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    """Where `page.goto("/tune")` goes."""
    return server


def watch(page: Page) -> list[str]:
    """A list that fills with what must not happen in `page`: script errors, refused or foreign requests."""
    faults: list[str] = []

    def note_foreign(url: str) -> None:
        if not OURS.match(url):
            faults.append(f"request to another host: {url}")

    def note_refused(response: Response) -> None:
        if response.status >= 400 and not LOOKS_FOR_ROOT.fullmatch(response.url):
            faults.append(f"answer {response.status}: {response.url}")

    def note_policy(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("request", lambda request: note_foreign(request.url))
    page.on("websocket", lambda websocket: note_foreign(websocket.url))
    page.on("response", note_refused)
    page.on("console", note_policy)
    return faults


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """Playwright's page.  The test fails on what `watch` sees in it, and on an exception shown at its end."""
    faults = watch(page)
    yield page
    check_no_exception(page)
    assert faults == []


@pytest.fixture
def app(page: Page) -> Page:
    """The dashboard, opened at its first page, in a session of its own."""
    page.goto("/")
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until nothing runs, nothing is stale, and fonts are there; fail if the page shows an exception."""
    page.evaluate("delete window.quietSince")
    # Not at each frame, which is what it asks at otherwise: the browser would draw frames only to be asked.
    page.wait_for_function(QUIET, timeout=60_000, polling=50)
    page.evaluate("document.fonts.ready.then(() => true)")
    check_no_exception(page)


def go(page: Page, name: str) -> None:
    """Switch to the page called `name` with the navigation at the top."""
    link = page.get_by_test_id("stTopNavLink").filter(has_text=name)
    link.click()
    expect(link).to_have_attribute("aria-current", "page")
    settled(page)


def check_no_exception(page: Page) -> None:
    assert page.locator("[data-testid=stException], [class*=st-key-fault-]").all_inner_texts() == []
