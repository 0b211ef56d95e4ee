"""Sessions that come and go: 200 browser sessions, each of which opens a sample or uploads a scan of 16 or 1 MB, moves
a slider once and is closed.  What the server takes afterwards is compared with what it took after the first 12 of them,
when all modules were loaded: each time when all were closed, and a closed session's time to live had passed.

Try it out: python -m tests.reliability.churn --sessions 20.
"""

import argparse
import asyncio
import io
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
import psutil
import streamlit as st
from playwright.async_api import Browser, Page, async_playwright

from tests.e2e.conftest import needed_browser, running_server
from tests.reliability import processes, report
from tests.reliability.figure import Figure
from tests.reliability.persons import PATIENCE, Person, settled

SESSIONS, FIRST = 200, 12
AT_A_TIME = 3
REST = 30.0
"""Seconds above the time to live of a closed session in which the server may come to rest."""

MOST_GROWTH = 0.10
MORE: Mapping[str, int] = {"threads": 6, "processes": 0, "open_files": 0, "temporary_files": 0}
"""How many more there may be: a pool of threads fills as it is used, up to four and one for each of two processors."""

LARGE, SMALL = (2048, 2048), (512, 512)
"""Of the uploads, float32: one comes through a segment of memory, the other one through a temporary file."""


@dataclass(frozen=True)
class Count:
    """What the processes of a server hold."""

    memory: int
    threads: int
    processes: int
    open_files: int
    temporary_files: int


@dataclass(frozen=True)
class Server:
    """A server whose temporary files lie in a folder of their own."""

    process: psutil.Process
    url: str
    folder: Path

    def count(self) -> Count:
        tree = processes.tree(self.process)
        return Count(
            processes.resident(tree),
            sum(each.num_threads() for each in tree),
            len(tree),
            sum(each.num_fds() for each in tree),
            len(list(self.folder.rglob("*"))),
        )


def figures(told: Callable[[str], None]) -> list[Figure]:
    return claims(SESSIONS, *measured(SESSIONS, told))


def measured(sessions: int, told: Callable[[str], None]) -> tuple[Count, Count, list[str]]:
    """What the server held after the first sessions and after all, and what went wrong in them.

    Raises
    ------
    SystemExit
        Where no browser starts.
    """
    options = needed_browser()
    with tempfile.TemporaryDirectory() as name:
        log, folder = Path(name) / "log.txt", Path(name) / "temporary"
        folder.mkdir()
        with ExitStack() as stack:
            with patch.dict(os.environ, TMPDIR=str(folder)):
                url = stack.enter_context(running_server(log))
            server = Server(processes.server(url), url, folder)
            return asyncio.run(_run(server, options, sessions, told))


async def _run(
    server: Server, options: dict[str, object], sessions: int, told: Callable[[str], None]
) -> tuple[Count, Count, list[str]]:
    people = [Person(number) for number in range(FIRST + sessions)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        before = await _after(people[:FIRST], server, browser, told)
        after = await _after(people[FIRST:], server, browser, told)
        await browser.close()
    return before, after, [f"person {person.number}: {fault}" for person in people for fault in person.faults]


async def _after(people: Sequence[Person], server: Server, browser: Browser, told: Callable[[str], None]) -> Count:
    """What the server holds when these people came and went, and it came to rest."""
    door = asyncio.Semaphore(AT_A_TIME)
    async with asyncio.TaskGroup() as visits:
        for person in people:
            visits.create_task(_visit(person, server.url, browser, door))
    at_once = server.count()
    await asyncio.sleep(st.get_option("server.disconnectedSessionTTL") + REST)
    count = server.count()
    told(f"after {len(people)} sessions: {in_words(at_once)}; at rest: {in_words(count)}")
    return count


async def _visit(person: Person, url: str, browser: Browser, door: asyncio.Semaphore) -> None:
    uploads = person.number % 2
    async with door, person.at(browser, url + person.address("" if uploads else "tune")) as page:
        if uploads:
            await _upload(page, person)
        await person.move(page, "ArrowRight")


async def _upload(page: Page, person: Person) -> None:
    """Open a scan that nobody else has, and go to Tune with it."""
    shape = SMALL if person.number // 2 % 2 else LARGE
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(person.number).uniform(0, 900, shape).astype(np.float32))
    scan = {"name": f"scan {person.number}.npy", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}
    await page.locator("input[type=file]").first.set_input_files(scan)
    await page.locator(".st-key-inspect-upload-1").wait_for(timeout=PATIENCE)
    await settled(page)
    await page.get_by_test_id("stTopNavLink").filter(has_text="Tune").click()
    await page.locator(".st-key-tune-scan").wait_for(timeout=PATIENCE)
    await settled(page)


def claims(sessions: int, before: Count, after: Count, faults: Sequence[str]) -> list[Figure]:
    who = f"{sessions} sessions that came and went"
    growth = after.memory / before.memory - 1
    holds = after.memory <= (1 + MOST_GROWTH) * before.memory
    memory = f"{_mebibytes(before)} before, {_mebibytes(after)} after ({growth:+.1%})"
    found = [Figure(f"{who}: resident memory", f"within {MOST_GROWTH:.0%} of the start", memory, holds)]
    for name, more in MORE.items():
        was, is_now = getattr(before, name), getattr(after, name)
        words = f"{who}: {name.replace('_', ' ')}"
        asked = f"at most {more} more than before" if more else "no more than before"
        found.append(Figure(words, asked, f"{was} before, {is_now} after", is_now <= was + more))
    told = "; ".join(faults[:3]) if faults else "none"
    return [*found, Figure(f"{who}: errors", "none", told, not faults)]


def in_words(count: Count) -> str:
    others = (f"{number} {name.replace('_', ' ')}" for name, number in asdict(count).items() if name != "memory")
    return ", ".join((_mebibytes(count), *others))


def _mebibytes(count: Count) -> str:
    return f"{count.memory / 2**20:.0f} MiB"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"{SESSIONS} by default")
    asked = parser.parse_args()
    found = claims(asked.sessions, *measured(asked.sessions, report.tell))
    sys.stdout.writelines(f"{line}\n" for line in report.as_lines(found))
    return 1 if report.failed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
