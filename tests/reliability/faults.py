"""Faults that a computer and its people bring about, each again and again: processes that are killed (SIGKILL), a disk
that is full, memory that runs out, a clock that jumps, a browser that is gone. After each the state is clear: what was
said is one sentence, nothing half-written has a final name, no process and no file is left, the program goes on or can
be started again, and a batch that is resumed gives the same bytes as one that nobody disturbed.

One fault, some times: python -m tests.reliability.faults --only NAME --times 2.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.reliability import (
    faults_batch,
    faults_browser,
    faults_children,
    faults_clock,
    faults_disk,
    faults_disk_upload,
    faults_memory,
    faults_server,
    report,
)
from tests.reliability.figure import Figure

TIMES = 10

Fault = Callable[[Path, int], list[str]]
"""Brings it about in a folder that all its turns have, given which turn this is; says what was wrong afterwards."""

FAULTS: Mapping[str, tuple[str, Fault]] = {
    "server in an upload": ("kill -9 of the server in the middle of an upload", faults_server.in_upload),
    "server in a rerun": ("kill -9 of the server while it makes a page", faults_server.in_rerun),
    "server at work": ("kill -9 of the server while a step runs beside the session", faults_server.in_work),
    "browser in an upload": ("a browser that is closed in the middle of an upload", faults_browser.in_upload),
    "browser in a download": ("a browser that is closed in the middle of a download", faults_browser.in_download),
    "browser at work": ("a browser that is closed while a step runs", faults_browser.in_work),
    "browser offline": (
        "a browser that loses the network while a step runs, and finds it again",
        faults_browser.offline,
    ),
    "decoder": ("kill -9 of the decoder in the middle of a read", faults_children.decoder),
    "compiler": ("kill -9 of the process that compiles loops", faults_children.compiler),
    "compiling": ("kill -9 of a program that waits for that process", faults_children.compiling),
    "worker": ("kill -9 of a worker of a batch", faults_batch.worker),
    "batch": ("kill -9 of a batch, and its command once more", faults_batch.batch),
    "full results": ("disk full in the middle of a batch, and its command once more", faults_disk.results),
    "full recipes": ("disk full while fit, export and suggest write", faults_disk.recipes),
    "full uploads": ("disk full while somebody uploads", faults_disk_upload.upload),
    "full loops": ("disk full where compiled loops are kept", faults_disk.loops),
    "memory of a reader": ("out of memory while a scan is read", faults_memory.reader),
    "memory of a worker": ("out of memory in the worker of a batch", faults_memory.worker),
    "clock of a server": ("a clock that jumps by a day while a step runs", faults_clock.server),
    "clock of a batch": ("a clock that jumps by a day before a batch is resumed", faults_clock.batch),
}


def figures(told: Callable[[str], None]) -> list[Figure]:
    """One claim for each fault."""
    return measured(FAULTS, TIMES, told)


def measured(names: Iterable[str], times: int, told: Callable[[str], None]) -> list[Figure]:
    """The same for some of them."""
    return [_figure(name, times, told) for name in names]


def _figure(name: str, times: int, told: Callable[[str], None]) -> Figure:
    words, fault = FAULTS[name]
    wrong: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(times):
            wrong.append(fault(Path(folder), turn))
            told(f"{name}: turn {turn + 1} of {times}: {'; '.join(wrong[-1]) or 'as it should be'}")
    good = wrong.count([])
    first = next(filter(None, wrong), [])
    return Figure(words, f"{times} of {times}", "; ".join([f"{good} of {times}", *first]), good == times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=FAULTS, help="these faults alone")
    parser.add_argument("--times", type=int, default=TIMES, help=f"how often each, {TIMES} by default")
    asked = parser.parse_args()
    found = measured(asked.only, asked.times, _tell)
    sys.stdout.writelines(f"{line}\n" for line in report.as_lines(found))
    return 1 if report.failed(found) else 0


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
