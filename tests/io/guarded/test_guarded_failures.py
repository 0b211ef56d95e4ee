"""Decoders that crash, hang, eat memory or talk nonsense: the file is refused, and the next one is read.

The processes are real, and so is what happens to them.
"""

import gzip
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prep_core.io import Limits, ReadError, encode
from prep_core.io.guarded import child as child_module
from prep_core.io.guarded.reader import GuardedReader
from prep_core.scan import Scan
from tests.fuzz.seeds import npy
from tests.io.guarded.processes import heavy, is_alive, processor_seconds, wait_until, workers

SMALL = npy(np.arange(6, dtype=np.int16).reshape(2, 3))
ROOT = Path(__file__).resolve().parents[3]
Own = Callable[[], list[int]]


@pytest.fixture(scope="module")
def own() -> Own:
    """The reading processes that these tests started, without those of others."""
    others = workers()
    return lambda: [pid for pid in workers() if pid not in others]


@pytest.fixture
def fresh() -> Own:
    """The reading processes that one test started."""
    others = workers()
    return lambda: [pid for pid in workers() if pid not in others]


@pytest.fixture(scope="module")
def reader(own: Own) -> Iterator[GuardedReader]:
    with GuardedReader() as reader:
        yield reader
    assert own() == []


class Attempt(threading.Thread):
    """A load in a thread of its own."""

    def __init__(self, reader: GuardedReader, source: bytes, **how: Any) -> None:
        super().__init__(daemon=True)
        self.result: Any = None
        self._read = lambda: reader.load(source, name="big.dcm", **how)
        self.start()

    def run(self) -> None:
        try:
            self.result = self._read()
        except ReadError as error:
            self.result = error

    def end(self) -> Any:
        """Scans or an error, once there is one of them."""
        self.join(30)
        assert not self.is_alive()
        return self.result


def busy(reader: GuardedReader, own: Own, **limits: Any) -> tuple[Attempt, int]:
    """A load that a process is in the middle of, and the number of the process."""
    reader.load(SMALL)
    (pid,) = own()
    before = processor_seconds(pid)
    attempt = Attempt(reader, heavy(), limits=Limits(**{"decoded_bytes": 2**40, "ratio": 2**30, **limits}))
    wait_until(lambda: processor_seconds(pid) > before + 0.2)
    return attempt, pid


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGBUS])
def test_a_crash_is_an_error_and_the_next_file_is_read(reader: GuardedReader, own: Own, number: signal.Signals) -> None:
    attempt, pid = busy(reader, own)
    os.kill(pid, number)
    assert str(attempt.end()).startswith(f"big.dcm made its decoder crash ({number.name}); it is corrupt or hostile")
    assert reader.load(SMALL)[0].data.shape == (2, 3)
    assert not is_alive(pid)
    assert len(own()) == 1


def test_a_file_that_takes_too_long_is_given_up(reader: GuardedReader, own: Own) -> None:
    attempt, pid = busy(reader, own, seconds=1)
    assert str(attempt.end()) == (
        "big.dcm takes too long: reading it was stopped at the limit seconds = 1; "
        "if you trust it, read it with Limits(seconds=2), or --limit seconds=2 on the command line"
    )
    assert reader.load(SMALL)[0].data.shape == (2, 3)
    assert not is_alive(pid)


def test_the_system_ends_a_process_that_works_too_long(reader: GuardedReader, own: Own) -> None:
    attempt, pid = busy(reader, own, seconds=20)
    os.kill(pid, signal.SIGXCPU)
    assert "big.dcm takes too long: reading it was stopped at the limit seconds = 20;" in str(attempt.end())


def test_a_process_that_stands_still_is_given_up(reader: GuardedReader, own: Own) -> None:
    reader.load(SMALL)
    (pid,) = own()
    os.kill(pid, signal.SIGSTOP)
    large = bytes(20_000_000)
    assert "limit seconds = 1;" in str(Attempt(reader, large, limits=Limits(seconds=1)).end())
    assert reader.load(SMALL)[0].data.shape == (2, 3)
    assert not is_alive(pid)


def test_a_file_that_takes_too_much_memory_is_refused(reader: GuardedReader, own: Own) -> None:
    data = np.zeros((100, 1000, 1000), np.int16)
    packed = gzip.compress(gzip.decompress(encode(Scan(data, "ZYX"), "nii.gz")), 1)
    few, enough = Limits(memory_bytes=100_000_000, ratio=2000), Limits(memory_bytes=10**9, ratio=2000)
    with pytest.raises(ReadError) as refused:
        reader.load(packed, name="/home/jane/large.nii.gz", limits=few)
    assert str(refused.value) == (
        "large.nii.gz is too large: reading it takes more memory than the limit memory_bytes = 100,000,000; "
        "if you trust it, read it with Limits(memory_bytes=200000000), "
        "or --limit memory_bytes=200000000 on the command line"
    )
    (scan,) = reader.load(packed, limits=enough)
    assert scan.data.shape == data.shape
    assert reader.load(SMALL, limits=few)[0].data.shape == (2, 3)
    # What comes through the pipe is not under the limit of the file before.
    before = own()
    assert reader.load(npy(data[0].repeat(90, axis=0)))[0].data.shape == (90_000, 1000)
    assert own() == before


def test_the_time_counts_from_the_start_of_the_own_work(reader: GuardedReader, own: Own) -> None:
    attempt, pid = busy(reader, own, seconds=4)
    os.kill(pid, signal.SIGSTOP)
    waits = Attempt(reader, SMALL, limits=Limits(seconds=2))
    assert "limit seconds = 4;" in str(attempt.end())
    assert isinstance(waits.end(), list)


def test_nonsense_in_the_answers_is_told(reader: GuardedReader, own: Own) -> None:
    reader.load(SMALL)
    (pid,) = own()
    pipe = next(n for n in (3, 4, 5, 6) if flags(pid, n) == os.O_WRONLY)
    Path(f"/proc/{pid}/fd/{pipe}").write_bytes(b"a decoder printed this and that")
    with pytest.raises(ReadError, match=r"scan made its decoder answer with nonsense; it is corrupt or hostile"):
        reader.load(SMALL)
    assert reader.load(SMALL)[0].data.shape == (2, 3)
    assert not is_alive(pid)


def flags(pid: int, number: int) -> int:
    """How a process opened one of its pipes."""
    words = Path(f"/proc/{pid}/fdinfo/{number}").read_text().split()
    return int(words[words.index("flags:") + 1], 8) & os.O_ACCMODE


def test_a_process_that_died_at_rest_costs_nobody_a_file(reader: GuardedReader, own: Own) -> None:
    reader.load(SMALL)
    (pid,) = own()
    os.kill(pid, signal.SIGKILL)
    assert reader.load(SMALL)[0].data.shape == (2, 3)
    assert not is_alive(pid)


def test_a_process_is_used_again_until_it_has_grown(
    reader: GuardedReader, own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.load(SMALL)
    first = own()
    reader.load(SMALL)
    assert own() == first
    monkeypatch.setattr(child_module, "GROWN", 1)
    reader.load(SMALL)
    assert len(own()) == 1
    assert own() != first


def test_many_threads_share_two_processes(fresh: Own) -> None:
    arrays = [np.full((2, 3 + i), i) for i in range(24)]
    with GuardedReader(workers=2) as reader, ThreadPoolExecutor(8) as threads:
        assert len(fresh()) == 2
        for array, (scan,) in zip(arrays, threads.map(reader.load, map(npy, arrays)), strict=True):
            np.testing.assert_array_equal(scan.data, array)
        assert len(fresh()) == 2
    assert fresh() == []


def test_a_closed_reader_says_so(fresh: Own) -> None:
    reader = GuardedReader()
    reader.close()
    reader.close()
    assert fresh() == []
    for _ in range(2):
        with pytest.raises(ValueError, match="this reader is closed; make a new one"):
            reader.load(SMALL)


def test_a_reader_needs_a_worker() -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more, got 0"):
        GuardedReader(workers=0)


def test_the_process_gets_no_secrets_and_writes_no_files(fresh: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hush")
    with GuardedReader() as reader:
        reader.load(SMALL)
        (pid,) = fresh()
        assert b"hush" not in Path(f"/proc/{pid}/environ").read_bytes()
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        for name in ("Max file size", "Max core file size"):
            assert next(line for line in limits if line.startswith(name)).removeprefix(name).split()[:2] == ["0", "0"]
        for standard in (0, 1, 2):
            assert os.readlink(f"/proc/{pid}/fd/{standard}") == "/dev/null"


OPENS = """
import sys, threading, time
from prep_core.io import Limits
from prep_core.io.guarded.reader import GuardedReader
from tests.fuzz.seeds import npy
from tests.io.guarded.processes import heavy, processor_seconds, wait_until, workers
reader = GuardedReader()
reader.load(npy())
(pid,) = workers()
before = processor_seconds(pid)
if sys.argv[1] == "busy":
    how = {"limits": Limits(decoded_bytes=2**40, ratio=2**30)}
    threading.Thread(target=reader.load, args=(heavy(),), kwargs=how).start()
    wait_until(lambda: processor_seconds(pid) > before + 0.2)
print(pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_no_process_outlives_the_one_that_started_it(state: str) -> None:
    with subprocess.Popen([sys.executable, "-c", OPENS, state], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until(lambda: not is_alive(pid), 5)
