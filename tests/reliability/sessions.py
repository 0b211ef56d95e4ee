"""Many people at once: each in a browser session of its own opens another built-in sample with another recipe, and
moves a slider of it on Tune, with some seconds of thought between the picture of one value and the next key.  Server
and browsers share the processors, so the browsers' part of the load is stated too.

A move is timed in the browser from the key to the frame that shows the picture of the new value, with nothing running
any more.  Try it out for half a minute: python -m tests.reliability.sessions --seconds 30 --people 5 --thinks 3 7.
"""

import argparse
import asyncio
import math
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Browser, async_playwright

from tests.e2e.conftest import needed_browser, running_server
from tests.reliability import processes, report
from tests.reliability.figure import Figure
from tests.reliability.persons import THINKS, Person

PEOPLE, SECONDS = 20, 300.0
LIMIT_MS, MOST_GROWTH = 2000.0, 0.05
AT_A_TIME = 2
"""Sessions that are opened together, before the time begins."""

LOOKS = 1.0
"""Seconds from one look at the memory to the next."""


@dataclass(frozen=True)
class Look:
    """What the server and the browsers took, so many seconds after all sessions stood."""

    at: float
    resident: int
    server_seconds: float
    browser_seconds: float


@dataclass(frozen=True)
class Run:
    """What many people saw, and what it took."""

    people: tuple[Person, ...]
    looks: tuple[Look, ...]

    @property
    def seconds(self) -> float:
        return self.looks[-1].at - self.looks[0].at

    @property
    def milliseconds(self) -> list[float]:
        return [move.ms for person in self.people for move in person.moves]


def figures(told: Callable[[str], None]) -> list[Figure]:
    return claims(measured(PEOPLE, SECONDS, THINKS, told))


def measured(people: int, seconds: float, thinks: tuple[float, float], told: Callable[[str], None]) -> Run:
    """Let so many people work for so long.

    Raises
    ------
    SystemExit
        Where no browser starts.
    """
    options = needed_browser()
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "log.txt") as url:
        everybody = tuple(Person(number, thinks) for number in range(people))
        return asyncio.run(run_at(url, options, everybody, seconds, told))


async def run_at(
    url: str, options: Mapping[str, Any], everybody: tuple[Person, ...], seconds: float, told: Callable[[str], None]
) -> Run:
    over, door = asyncio.Event(), asyncio.Semaphore(AT_A_TIME)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options)
        async with asyncio.TaskGroup() as visits:
            for person in everybody:
                visits.create_task(_visit(person, browser, url, door, over))
            while not all(person.moves for person in everybody):
                await asyncio.sleep(LOOKS)
            told(f"{len(everybody)} sessions stand")
            early = [len(person.moves) for person in everybody]
            looks = [look async for look in _looks(url, seconds)]
            over.set()
        await browser.close()
    for person, count in zip(everybody, early, strict=True):
        del person.moves[:count]
    return Run(everybody, tuple(looks))


async def _visit(person: Person, browser: Browser, url: str, door: asyncio.Semaphore, over: asyncio.Event) -> None:
    async with AsyncExitStack() as stack:
        # A browser that loads the program for the first time takes a processor for itself.
        async with door:
            page = await stack.enter_async_context(person.at(browser, url + person.address()))
        await person.work(page, over)


async def _looks(url: str, seconds: float) -> AsyncIterator[Look]:
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        server = processes.tree(processes.server(url))
        used = processes.seconds(server), processes.seconds(processes.browsers())
        yield Look(passed, processes.resident(server), *used)
        await asyncio.sleep(LOOKS)


def claims(run: Run) -> list[Figure]:
    fewest, most = run.people[0].thinks
    who = f"{len(run.people)} sessions for {run.seconds:.0f} s, {fewest:g} to {most:g} s of thought"
    return [
        _speed(who, run),
        _no_fault(who, run),
        _own_pictures(who, run),
        _memory(who, run.looks),
    ]


def _speed(who: str, run: Run) -> Figure:
    times = run.milliseconds
    slow = float(np.percentile(times, 95)) if times else math.inf
    first, last = run.looks[0], run.looks[-1]
    server = (last.server_seconds - first.server_seconds) / run.seconds
    browsers = (last.browser_seconds - first.browser_seconds) / run.seconds
    told = f"{slow / 1000:.2f} s, median {statistics.median(times or [slow]) / 1000:.2f} s ({len(times)} moves"
    told += f"; processors busy: {server:.2f} with the server, {browsers:.2f} with the browsers)"
    return Figure(f"{who}: slider move, 95th percentile", f"under {LIMIT_MS / 1000:g} s", told, slow < LIMIT_MS)


def _no_fault(who: str, run: Run) -> Figure:
    faults = [f"person {person.number}: {fault}" for person in run.people for fault in person.faults]
    told = "; ".join(faults[:3]) if faults else "none"
    return Figure(
        f"{who}: errors, and sessions that did not end with their own scan, recipe and value",
        "none",
        f"{len(faults)}: {told}" if faults else told,
        not faults,
    )


def _own_pictures(who: str, run: Run) -> Figure:
    """A value shown again must be the picture from before, and no picture may be one of somebody else."""
    other = sum(len(set(pictures)) - 1 for person in run.people for pictures in _by_value(person))
    seen = [{move.picture for move in person.moves} for person in run.people]
    shared = sum(len(one & two) for one, two in combinations(seen, 2))
    again = sum(len(pictures) - 1 for person in run.people for pictures in _by_value(person))
    told = f"{other} that were not the same, {shared} of another session ({again} values shown again)"
    return Figure(
        f"{who}: each value shows one picture, which no other session shows", "all", told, other == shared == 0
    )


def _by_value(person: Person) -> Iterator[list[int]]:
    """The pictures of each value."""
    for value in {move.value for move in person.moves}:
        yield [move.picture for move in person.moves if move.value == value]


def _memory(who: str, looks: Sequence[Look]) -> Figure:
    """The last fifth of the time against the second one: in five minutes, the last minute against the one that begins
    after the first."""
    fifth = (looks[-1].at - looks[0].at) / 5
    early = statistics.median(look.resident for look in looks if fifth <= look.at - looks[0].at <= 2 * fifth)
    late = statistics.median(look.resident for look in looks if look.at - looks[0].at >= 4 * fifth)
    slope = statistics.linear_regression(
        [look.at / 60 for look in looks if look.at >= fifth], [look.resident for look in looks if look.at >= fifth]
    ).slope
    told = f"{early / 2**20:.0f} MiB in the second fifth of the time, {late / 2**20:.0f} MiB in the last"
    told += f" ({late / early - 1:+.1%}; {slope / 2**20:+.1f} MiB a minute)"
    asked = f"medians at most {MOST_GROWTH:.0%} apart"
    return Figure(
        f"{who}: resident memory of the server after the first minute", asked, told, late <= early * (1 + MOST_GROWTH)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"sessions, {PEOPLE} by default")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long, {SECONDS:g} by default")
    parser.add_argument("--thinks", type=float, nargs=2, default=THINKS, help="seconds of thought: from, to")
    asked = parser.parse_args()
    found = claims(measured(asked.people, asked.seconds, tuple(asked.thinks), report.tell))
    sys.stdout.writelines(f"{line}\n" for line in report.as_lines(found))
    return 1 if report.failed(found) else 0


if __name__ == "__main__":
    sys.exit(main())
