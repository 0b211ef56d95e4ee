"""A worker process, seen from here: started, given items, and ended."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context, resource_tracker
from typing import Any

from prep_core.engine.rounds import Died
from prep_core.engine.serving import Order, Reply, packed, serve, unpacked
from prep_core.engine.threads import inherited

PATIENCE = 5
"""Seconds that a process has to end by itself."""

OUT_OF_MEMORY = "SIGKILL"
"""What Linux sends to the process that it chooses when memory runs out."""


class Worker:
    """One process, which does what it is given in that order.

    Attributes
    ----------
    pipe : Connection
        Readable when an answer is ready, or when the process is gone.
    held : list of int
        The places of the items that it has not answered.
    """

    def __init__(self, threads: int) -> None:
        # A fresh interpreter: a fork would take over locks that threads of ours hold at that moment, for ever.
        context = get_context("spawn")
        self.pipe, there = context.Pipe()
        self.held: list[int] = []
        self._task = b""
        self._process = context.Process(target=serve, args=(there,), daemon=True)
        with inherited(threads), _interrupts_held_back():
            self._process.start()
        there.close()

    def give(self, task: bytes, place: int, item: object) -> None:
        """Let the process do `task`, which is packed, on `item`."""
        order = Order(place, packed(item), None if task is self._task else task)
        self._task = task
        self.held.append(place)
        # A process that is gone is noticed where its answer is waited for.
        with suppress(OSError):
            self.pipe.send(order)

    def has_died_at_rest(self) -> bool:
        """Whether the process ended while it had nothing to do."""
        return not self.held and not self._process.is_alive()

    def answers(self) -> Sequence[tuple[int, Any]]:
        """The next answer, once `pipe` is readable; `Died` for all that the process had, when it is gone.

        What the task raised is raised.
        """
        try:
            reply: Reply = self.pipe.recv()
        except (EOFError, OSError):
            why = self._end()
            return [(place, Died(why)) for place in self.held]
        self.held.remove(reply.place)
        if reply.raised is not None:
            raise reply.raised
        return [(reply.place, unpacked(reply.answer))]

    def dismiss(self) -> None:
        """End the process; at once where it is busy, since nobody waits for its answer."""
        self.pipe.close()
        if self.held:
            self._process.kill()
        self._end()

    def _end(self) -> str:
        """Wait for the end of the process; how it ended."""
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        return in_words(self._process.exitcode or 0)


def in_words(exitcode: int) -> str:
    """How a process of ours ended, which should not have."""
    names = {-number: number.name for number in signal.Signals}
    if exitcode not in names:
        return f"its worker process ended by itself (exit status {exitcode})"
    told = f"its worker process was killed by signal {-exitcode} ({names[exitcode]})"
    return f"{told}, most likely because memory ran out" if names[exitcode] == OUT_OF_MEMORY else told


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C for the end of the block, and from the processes that start inside it."""
    if sys.platform == "win32":
        yield
        return
    # This helper of spawned processes sets signals free when it starts, so it starts before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
