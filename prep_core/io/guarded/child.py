"""The other process, seen from here: started with as little as it needs, asked, and ended when it is unfit."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any, cast

from prep_core.io.errors import ReadError
from prep_core.io.guarded.wire import BEGUN, READY, TOO_MUCH_MEMORY, Fault, Request, WireError, receive, send
from prep_core.io.large.opening import Outline
from prep_core.io.segment import IS_THERE, Segment, lend
from prep_core.scan import Scan

PROGRAM = ("-P", "-m", "prep_core.io.guarded.worker")
ROOT = Path(__file__).resolve().parents[3]
KEPT = ("DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
"""What Python needs of the environment, beside what is set in `_environment`."""

START_SECONDS = 120
PIPE_BYTES = 1 << 20
"""A pipe of this size moves large arrays several times faster than the 64 kB that Linux gives one."""

GROWN = 1 << 30
"""Bytes of memory, held after an answer, above which a process is replaced."""

LEAST = 1 << 16
"""Bytes that an array of an answer may have in any case: the affine of a scan that is smaller."""


class Lost(Exception):
    """The process did not answer.

    Attributes
    ----------
    how : str
        `TOO_LATE`, `NONSENSE`, the name of the signal that ended it, or its exit status.
    """

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class DiedAtRest(Lost):
    """The process ended before it began with the file, which therefore is not to blame."""


TOO_LATE, NONSENSE = "too late", "nonsense"


class Child:
    """One process at a time, which is replaced when it is no longer fit to be asked."""

    def __init__(self) -> None:
        self._start()

    def ask(self, request: Request) -> Any:
        """What the process answers.

        Raises
        ------
        Lost
            When it crashes, takes longer than the request allows, or answers with nonsense.
        RuntimeError
            When it cannot be started.
        """
        try:
            return self._ask(request)
        except DiedAtRest:
            return self._ask(request)

    def end(self) -> None:
        """Kill the process: it holds nothing that would be lost."""
        self._process.kill()
        self._process.wait()
        self._from.close()
        if self._beside:
            self._beside.close()
        # What was not sent yet cannot be sent any more.
        with suppress(OSError):
            self._to.close()

    def _start(self) -> None:
        # Segments are lent beside the pipes: through a socket, the only way for a descriptor.
        self._beside: socket.socket | None
        self._beside, theirs = socket.socketpair() if IS_THERE else (None, None)
        try:
            self._begin([theirs.fileno()] if theirs else [])
        finally:
            if theirs:
                theirs.close()

    def _begin(self, kept_open: list[int]) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, *PROGRAM, *map(str, kept_open)],
            pass_fds=kept_open,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            pipesize=PIPE_BYTES,
        )
        # Popen opens pipes of bytes so, but does not say it in its types.
        self._to = cast(BufferedWriter, self._process.stdin)
        self._from = cast(BufferedReader, self._process.stdout)
        self._is_ready = False

    def _ask(self, request: Request) -> Any:
        if self._process.poll() is not None:
            self._renew()
        try:
            self._await_start()
            return self._answer(request)
        except BaseException:
            self._renew()
            raise

    def _renew(self) -> None:
        self.end()
        self._start()

    def _await_start(self) -> None:
        """Wait until the imports are done, so that no file pays for them."""
        if self._is_ready:
            return
        late = threading.Event()
        try:
            with _deadline(self._process, START_SECONDS, late):
                self._is_ready = receive(self._from) == READY
        except (EOFError, OSError, WireError) as fault:
            call = " ".join(("python", *PROGRAM))
            raise RuntimeError(f"the process that reads files does not start; run {call} to see why") from fault

    def _answer(self, request: Request) -> Any:
        late, begun = threading.Event(), False
        try:
            with _deadline(self._process, request.limits.seconds, late):
                shared = request.segments
                self._lend(shared)
                send(self._to, request, shared)
                begun = receive(self._from) == BEGUN
                answer = receive(self._from, max(request.limits.decoded_bytes, LEAST), shared)
                held = GROWN if isinstance(answer, Fault) else receive(self._from)
                _check(answer, held)
        except (EOFError, OSError, WireError) as fault:
            how = TOO_LATE if late.is_set() else self._how(fault)
            raise (Lost if begun or how in (TOO_LATE, NONSENSE) else DiedAtRest)(how) from fault
        if held >= GROWN:
            self._renew()
        return answer

    def _lend(self, shared: tuple[Segment, ...]) -> None:
        send(self._to, [segment.sha256 for segment in shared])
        if self._beside:
            lend(self._beside, shared)

    def _how(self, fault: Exception) -> str:
        if isinstance(fault, WireError):
            return NONSENSE
        with suppress(subprocess.TimeoutExpired):
            # The pipe closes a moment before the process is gone.
            self._process.wait(timeout=1)
        code = self._process.poll()
        name = {-number: number.name for number in signal.Signals}.get(code or 0, f"exit status {code}")
        return TOO_LATE if name == "SIGXCPU" else name


@contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float, late: threading.Event) -> Iterator[None]:
    """Kill `process` after so many seconds, which ends whatever waits for it, and set `late`."""

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _check(answer: object, held: object) -> None:
    """Complain about messages that are well formed, but no answer and no number of bytes."""
    is_scans = isinstance(answer, list) and all(isinstance(scan, Scan | Outline) for scan in answer)
    if not (is_scans or isinstance(answer, Fault | ReadError) or answer == TOO_MUCH_MEMORY):
        raise WireError(f"an answer must be scans or the reason why there are none, got {type(answer).__name__}")
    if not isinstance(held, int):
        raise WireError(f"after an answer must come a number of bytes, got {type(held).__name__}")


def _environment() -> dict[str, str]:
    """As little as Python needs, the same places to import from as here, and one thread for each library."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = [place for place in sys.path if place]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([*path, str(ROOT)]),
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
