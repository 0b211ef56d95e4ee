"""The process that reads files for another one: `python -m prep_core.io.guarded.worker`, started by `guarded.child`.

Requests come through standard input, answers go through standard output.  After each answer follows how many bytes of
memory the process still holds, so that the other side can replace one that has grown.
"""

import gc
import math
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from io import BufferedReader, BufferedWriter
from pathlib import Path

from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.guarded.wire import BEGUN, READY, TOO_MUCH_MEMORY, Fault, Request, receive, send
from prep_core.io.large.opening import Outline, block, outline
from prep_core.io.limits import Limits
from prep_core.io.reading import load
from prep_core.io.segment import Segment, borrowed
from prep_core.scan import Scan

if sys.platform != "win32":
    import resource

MEMORY = Path("/proc/self/statm")
SPARE_SECONDS = 5


def main() -> None:
    """Answer requests until the other side is gone."""
    requests, answers = _own_pipes()
    beside = socket.socket(fileno=int(sys.argv[1])) if len(sys.argv) > 1 else None
    _harden(requests)
    # What is imported stays for ever; without it, looking for garbage after each request costs next to nothing.
    gc.freeze()
    idle = _memory()[0]
    send(answers, READY)
    # The end of the other side is the end of this one, whatever it leaves half done.
    try:
        while True:
            _serve(requests, answers, beside, idle)
    except (EOFError, BrokenPipeError):
        return


def _own_pipes() -> tuple[BufferedReader, BufferedWriter]:
    """Standard input and output under other numbers, so that a decoder that prints spoils no answer."""
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    return pipes


def _harden(requests: BufferedReader) -> None:
    """No core dumps, no written files, no death by Ctrl-C in the terminal, and none after the other side."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        threading.Thread(target=_end_with, args=(requests.fileno(),), daemon=True).start()


def _end_with(pipe: int) -> None:
    """End this process when nobody holds the other end of `pipe`, also in the middle of a decoder."""
    waiting = select.poll()
    waiting.register(pipe, 0)
    waiting.poll()
    os._exit(0)


def _serve(requests: BufferedReader, answers: BufferedWriter, beside: socket.socket | None, idle: int) -> None:
    """One request.  A mistake of ours is told, and ends the process: nobody knows what it left behind."""
    shared = _borrowed(beside, receive(requests))
    request: Request = receive(requests, shared=shared)
    send(answers, BEGUN)
    try:
        send(answers, _answer(request, idle), shared)
    except Exception as fault:
        send(answers, Fault.of(fault))
        raise
    # What is held from here on was not let go: by a cache, or by a leak.
    del request, shared
    gc.collect()
    send(answers, _memory()[1])


def _borrowed(beside: socket.socket | None, digests: list[str]) -> tuple[Segment, ...]:
    return borrowed(beside, digests) if beside else ()


def _answer(request: Request, idle: int) -> list[Scan] | list[Outline] | ReadError | str:
    try:
        with _limited(request.limits, idle):
            return _read(request)
    except MemoryError:
        return TOO_MUCH_MEMORY
    except ReadError as error:
        return TOO_MUCH_MEMORY if isinstance(error.__cause__, MemoryError) else error


def _read(request: Request) -> list[Scan] | list[Outline]:
    answers, limits = request.answers, request.limits
    if request.part is not None:
        region = tuple(slice(start, stop) for start, stop in request.region)
        return [block(Path(str(request.source)), answers, limits, request.part, region)]
    if request.in_parts:
        found = outline(Path(str(request.source)), answers, limits)
        return [] if found is None else [found]
    told = {f.name: getattr(answers, f.name) for f in fields(Answers)}
    return load(request.source, name=request.name, limits=limits, **told)


@contextmanager
def _limited(limits: Limits, idle: int) -> Iterator[None]:
    """Let the process have `limits.memory_bytes` above what it has when idle, and a bounded time of all processors.

    The other side keeps the time that passes; the bound on the processors' time holds when there is none any more.
    """
    if sys.platform == "win32" or not idle:
        yield
        return
    seconds = time.process_time() + limits.seconds * (os.cpu_count() or 1) + SPARE_SECONDS
    _allow(resource.RLIMIT_CPU, math.ceil(seconds))
    _allow(resource.RLIMIT_AS, idle + limits.memory_bytes)
    try:
        yield
    finally:
        _allow(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _allow(limit: int, value: int) -> None:
    """Set a limit that can be raised again, no higher than the system allows for ever."""
    highest = resource.getrlimit(limit)[1]
    bounds = [v for v in (value, highest) if v != resource.RLIM_INFINITY]
    resource.setrlimit(limit, (min(bounds, default=resource.RLIM_INFINITY), highest))


def _memory() -> tuple[int, int]:
    """Bytes of address space and of resident memory; 0 where the system does not tell."""
    if not MEMORY.exists():
        return 0, 0
    space, resident = (int(pages) * os.sysconf("SC_PAGE_SIZE") for pages in MEMORY.read_text().split()[:2])
    return space, resident


if __name__ == "__main__":
    main()
