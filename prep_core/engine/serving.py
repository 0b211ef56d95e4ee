"""What a worker process does: the task it was told, on the items it is given, in their order.

The main thread listens, so that the end of the other side is noticed at once, also in the middle of a task; one more
thread works.
"""

import os
import signal
import sys
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """An item to work on, and the task where it is another one than before; both packed."""

    place: int
    item: bytes
    task: bytes | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A packed answer, or what the task raised."""

    place: int
    answer: bytes
    raised: BaseException | None


def packed(thing: object) -> bytes:
    """`thing` as bytes, for a process of the same program."""
    return bytes(ForkingPickler.dumps(thing))


def unpacked(data: bytes) -> Any:
    """What `packed` was given."""
    return ForkingPickler.loads(data)


def serve(pipe: Connection) -> None:
    """Answer orders until the other side is gone."""
    _leave_interrupts_to_the_other_side()
    task = b""
    with ThreadPoolExecutor(1) as hand:
        while True:
            try:
                order: Order = pipe.recv()
            except (EOFError, OSError):
                # Nobody waits for what is being done.  Files are written aside and moved, so none is left half done.
                os._exit(0)
            task = order.task or task
            hand.submit(_worked, task, order.item).add_done_callback(partial(_reply, pipe, order.place))


def _leave_interrupts_to_the_other_side() -> None:
    """Ctrl-C reaches every process of a terminal; one of them decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])


def _worked(task: bytes, item: bytes) -> bytes:
    try:
        return packed(unpacked(task)(unpacked(item)))
    except Exception as error:
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        _check_it_travels(error)
        raise


def _check_it_travels(error: Exception) -> None:
    """Replace an exception that cannot be rebuilt on the other side by one that can, with the same words."""
    try:
        unpacked(packed(error))
    except Exception as fault:
        words = "".join(traceback.format_exception(error))
        raise RuntimeError(f"a worker process met an error that cannot be sent as it is: {words}") from fault


def _reply(pipe: Connection, place: int, done: Future[bytes]) -> None:
    raised = done.exception()
    try:
        pipe.send(Reply(place, b"" if raised else done.result(), raised))
    except OSError:
        os._exit(0)
