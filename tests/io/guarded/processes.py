"""The processes that a test started, as Linux tells of them, and files that keep one busy."""

import os
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pydicom.uid import DeflatedExplicitVRLittleEndian

from tests.io.dicom.slices import as_bytes, dataset

PROC = Path("/proc")
WORKER = b"prep_core.io.guarded.worker"
TICKS = os.sysconf("SC_CLK_TCK")


def workers(parent: int | None = None) -> list[int]:
    """Numbers of the reading processes that `parent`, or this process, started and that have not ended."""
    return children(WORKER, parent or os.getpid())


def children(word: bytes, parent: int) -> list[int]:
    """Numbers of the processes with `word` in their command that `parent` started and that have not ended."""
    return sorted(pid for pid in _all() if _is_child(pid, word, parent))


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that waits to be buried does not."""
    return bool(stat := _stat(pid)) and stat[0] not in "ZX"


def processor_seconds(pid: int) -> float:
    """Time that a process spent working."""
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / TICKS


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Look again and again; complain when it takes too long."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


@cache
def heavy(blocks: int = 200) -> bytes:
    """A deflated DICOM file that keeps a reader busy for a while: its dataset goes on for `blocks` of 64 MB."""
    small = as_bytes(dataset(), DeflatedExplicitVRLittleEndian)
    start = 144 + int.from_bytes(small[140:144], "little")
    stream = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = stream.compress(bytes(1 << 26)) + stream.flush(zlib.Z_FULL_FLUSH)
    return small[:start] + block * blocks


def _all() -> Iterator[int]:
    return (int(place.name) for place in PROC.iterdir() if place.name.isdecimal())


def _is_child(pid: int, word: bytes, parent: int) -> bool:
    stat = _stat(pid)
    if not stat or int(stat[1]) != parent or stat[0] in "ZX":
        return False
    return word in (PROC / str(pid) / "cmdline").read_bytes()


def _stat(pid: int) -> list[str]:
    """The fields of a process behind its name; none when it is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
