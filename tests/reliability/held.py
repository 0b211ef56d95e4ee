"""What a process and all that it started hold: their memory, and files of the disk that have lost their names.

Memory is the proportional share (PSS), in which a page that several processes have is counted once.  A segment (see
`prep_core.io.segment`) counts with all its pages, whether somebody has mapped them or not.
"""

import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

EVERY = 0.05
"""Seconds from one look to the next."""

PAUSE, RESTS = 2.0, 0.03
"""Seconds to see whether somebody works, and the share of a processor that counts as rest."""

BLOCK = 512
"""Bytes; the unit of st_blocks (stat(2))."""


@dataclass(frozen=True)
class Held:
    """Bytes of memory, and of files of the disk without a name."""

    memory: int
    on_disk: int


class Watch:
    """Looks at `pid` and its children again and again while the block runs, in a thread of its own.

    Attributes
    ----------
    most : Held
        The most of each that was seen.
    """

    def __init__(self, pid: int) -> None:
        self.most = held(pid)
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY) and psutil.pid_exists(self._pid):
            now = held(self._pid)
            self.most = Held(max(self.most.memory, now.memory), max(self.most.on_disk, now.on_disk))


def held(pid: int) -> Held:
    """What the processes of `pid` hold now."""
    segments, nameless = _nameless(tree(pid))
    return Held(sum(map(_private, tree(pid))) + segments, nameless)


def segments_of(pid: int) -> int:
    """Bytes of memory in segments alone."""
    return _nameless(tree(pid))[0]


def at_rest(pid: int) -> Held:
    """What they hold when they have nothing to do any more: a server that has just begun still loads its loops."""
    before, now = -1.0, _seconds(pid)
    while now - before > RESTS * PAUSE:
        time.sleep(PAUSE)
        before, now = now, _seconds(pid)
    return held(pid)


def _seconds(pid: int) -> float:
    """Of processor, until now, of all that live."""
    taken = 0.0
    for process in tree(pid):
        with suppress(psutil.NoSuchProcess):
            times = psutil.Process(process).cpu_times()
            taken += times.user + times.system
    return taken


def tree(pid: int) -> list[int]:
    """`pid` and all that it started, as far as they live."""
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _nameless(processes: Iterable[int]) -> tuple[int, int]:
    """Bytes of segments, and of files of the disk without a name; what several hold counts once."""
    segments, files = dict[tuple[int, int], int](), dict[tuple[int, int], int]()
    for process in processes:
        for file, target in _open_files(process):
            kind = segments if target.startswith("/memfd:") else files
            kind[file.st_dev, file.st_ino] = file.st_blocks * BLOCK
    return sum(segments.values()), sum(files.values())


def _private(pid: int) -> int:
    """The share of a process in all memory but segments, which are counted by themselves."""
    sizes = _rollup(pid)
    return sizes.get("Pss", 0) - sizes.get("Pss_Shmem", 0)


def _rollup(pid: int) -> Mapping[str, int]:
    """The sums over all that a process has mapped, in bytes; none where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: int(size.split()[0]) * 1024 for name, _, size in (line.partition(":") for line in lines)}


def _open_files(pid: int) -> Iterator[tuple[os.stat_result, str]]:
    """Files without a name that a process holds open, and what the system calls them."""
    for number in _descriptors(pid):
        place = f"/proc/{pid}/fd/{number}"
        try:
            target, file = os.readlink(place), os.stat(place)
        except (FileNotFoundError, ProcessLookupError):
            # Closed since.
            continue
        if stat.S_ISREG(file.st_mode) and target.endswith("(deleted)"):
            yield file, target


def _descriptors(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/fd")
    except (FileNotFoundError, ProcessLookupError):
        return []
