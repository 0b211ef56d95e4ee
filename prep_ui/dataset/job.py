"""Work that takes longer than a click may: in a thread beside the session, with progress, and a way to stop it."""

import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Any

from prep_core.fitting import Progress

Tell = Callable[[Progress], None]


class Cancelled(Exception):
    """The work was stopped before its end, by the user or because nobody is there any more."""


class Job:
    """One piece of work, begun at once.

    Parameters
    ----------
    key : str
        What it is for: work of another key is other work.
    work : callable
        Calls what it is given after each scan; there it stops when asked to.
    scans : int
        How many scans there are to look at in one pass; 0 where nobody knows yet.
    owner : object
        The session: once it is gone, the work stops too.
    """

    def __init__(self, key: str, work: Callable[[Tell], Any], scans: int, owner: object) -> None:
        self.key = key
        self.scans = scans
        self.now = Progress("starting", 0)
        self._since = time.monotonic()
        self._owner = weakref.ref(owner)
        self._stopped = False
        self._outcome: Future[Any] = Future()
        Thread(target=self._run, args=(work,), name="prep-dataset", daemon=True).start()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._since

    @property
    def finished(self) -> bool:
        return self._outcome.done()

    def wait(self, seconds: float) -> bool:
        """Whether it is finished, at the latest after so long."""
        return not wait([self._outcome], seconds).not_done

    def cancel(self) -> None:
        """Stop at the next scan."""
        self._stopped = True

    def result(self) -> Any:
        """What the work gave; what it raised is raised here."""
        return self._outcome.result()

    def _tell(self, progress: Progress) -> None:
        self.now = progress
        if self._stopped or self._owner() is None:
            raise Cancelled

    def _run(self, work: Callable[[Tell], Any]) -> None:
        try:
            self._outcome.set_result(work(self._tell))
        except BaseException as fault:  # noqa: BLE001 - the thread has nobody to raise to; `result` raises it
            self._outcome.set_exception(fault)
