"""A dashboard that can be killed and started again at the same address, and people who look at it."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.conftest import QUIET, ROOT, find_browser, wait_until_healthy
from tests.reliability.aftermath import below, with_temporary

PATIENCE = 300.0
"""Seconds that anything may take on a busy machine before it counts as wrong."""

STREAMLIT = ("-m", "streamlit")


class Dashboard:
    """The server at `url`, its log in `log`, its temporary files in `temporary`."""

    def __init__(self, folder: Path, program: Sequence[str] = STREAMLIT) -> None:
        folder.mkdir()
        self.log, self.temporary = folder / "log.txt", folder / "tmp"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        python = (sys.executable, *program, "run", "app.py", "--server.port", str(port))
        self._command = self.program(python)

    def program(self, python: tuple[str, ...]) -> list[str]:
        """What is started."""
        return [*python]

    def start(self) -> None:
        own = with_temporary(self.temporary)
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(self._command, cwd=ROOT, env=own, stdout=out, stderr=out)
        wait_until_healthy(self.url, self._process, self.log)

    def kill(self) -> list[psutil.Process]:
        """End it at once, and tell what it had started."""
        started = below(self.pid)
        self._process.kill()
        self._process.wait()
        return started

    @property
    def pid(self) -> int:
        return self._process.pid

    def seconds(self) -> float:
        """Of processor that it took until now, without the processes below it."""
        times = psutil.Process(self.pid).cpu_times()
        return times.user + times.system

    def amiss(self) -> dict[str, bool]:
        """What nobody may find in its log or among its temporary files."""
        left = sorted(file.name for file in self.temporary.iterdir())
        said = self.log.read_text()
        return {
            f"temporary files are left: {left}": not left,
            f"the log has a fault: {said[-500:]}": "Traceback" not in said and "Fault" not in said,
        }


@contextmanager
def running(
    folder: Path, program: Sequence[str] = STREAMLIT, kind: type[Dashboard] = Dashboard
) -> Iterator[tuple[Dashboard, Browser]]:
    """A dashboard, and a browser for its people."""
    dashboard = kind(folder, program)
    dashboard.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**(find_browser() or {}))
            yield dashboard, browser
            browser.close()
    finally:
        dashboard.kill()


def person(browser: Browser, url: str) -> Page:
    """Somebody who has opened `url`, in a browser of their own."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(url)
    quiet(page)
    return page


def quiet(page: Page) -> None:
    """As `settled`, with more patience."""
    page.evaluate("delete window.quietSince")
    page.wait_for_function(QUIET, timeout=PATIENCE * 1000, polling=50)


def goes_on(page: Page, scan: Path) -> bool:
    """Whether somebody can open a small scan, and sees it."""
    page.locator("input[type=file]").first.set_input_files(scan)
    expect(page.get_by_text("YX 24 x 32 float32").first).to_be_visible(timeout=PATIENCE * 1000)
    quiet(page)
    return page.locator("[data-testid=stException], [class*=st-key-fault-]").count() == 0


def begin_n4(page: Page, url: str) -> None:
    """Let a step begin that takes long."""
    page.goto(f"{url}/tune?sample=mr_brain_bias")
    quiet(page)
    page.get_by_role("button", name="Add a step").click()
    page.locator(".st-key-tune-add-n4").get_by_role("button").first.click()
    expect(page.locator(".st-key-work-lines-tune")).to_contain_text("n4, round", timeout=PATIENCE * 1000)


def wait_for(page: Page, true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether something comes true in time; the browser goes on meanwhile."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        page.wait_for_timeout(20)
    return True
