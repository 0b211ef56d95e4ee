"""Work that takes longer than a click may: in a thread beside the session, with progress, and a way to stop it."""

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError, wait
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """How far some work is.

    Attributes
    ----------
    what : what is being done
    done, of : how much of it; `of` is 0 where nobody knows
    things : what is counted and takes alike long, such as "planes"; "" where the parts are not alike
    """

    what: str
    done: float = 0
    of: float = 0
    things: str = ""


Tell = Callable[[Stage], None]


class Job:
    """One piece of work, begun at once.

    Parameters
    ----------
    key : str
        What it is for: work of another key is other work.
    work : callable
        Calls what it is given with a `Stage` as often as it can; there it ends when it was stopped.
    alive : callable
        Whether anybody still waits for the answer; without, the work is stopped.
    after : Job, optional
        Another one that must end first, so that stopped work and what takes its place do not fill the memory together.

    Notes
    -----
    A call of a library cannot be interrupted.  Stopped work is therefore left alone: nobody waits for it, its result is
    dropped, and its thread ends at its next stage.
    """

    def __init__(self, key: str, work: Callable[[Tell], Any], alive: Callable[[], bool], after: "Job | None" = None):
        self.key = key
        self.now = Stage("waiting for stopped work to end" if after and not after.ended else "starting")
        self.forgotten = False
        self._since = self._stage_since = time.monotonic()
        self._alive = alive
        self._outcome: Future[Any] = Future()
        self._end = Event()
        Thread(target=self._run, args=(work, after), name="prep-job", daemon=True).start()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._since

    @property
    def seconds_left(self) -> float | None:
        """Of the present stage, as far as the parts done foretell; None where they do not."""
        now, passed = self.now, time.monotonic() - self._stage_since
        return passed * (now.of - now.done) / now.done if now.things and now.done else None

    @property
    def finished(self) -> bool:
        """Whether there is an answer, or will never be one."""
        return self._outcome.done()

    @property
    def ended(self) -> bool:
        """Whether its thread is gone: that of stopped work may still be in a call that cannot be interrupted."""
        return self._end.is_set()

    @property
    def succeeded(self) -> bool:
        """Whether there is an answer."""
        return self.finished and not self._outcome.cancelled() and self._outcome.exception() is None

    def wait(self, seconds: float) -> bool:
        """Whether it is finished, at the latest after so long."""
        return not wait([self._outcome], seconds).not_done

    def wait_for_end(self, seconds: float | None = None) -> bool:
        """Whether its thread is gone, at the latest after so long."""
        return self._end.wait(seconds)

    def stop(self) -> None:
        """Give it up.  An answer that is there stays."""
        self._outcome.cancel()

    def forget(self) -> None:
        """Give it up, also how it ended: who asks for the same begins anew."""
        self.forgotten = True
        self.stop()

    def result(self) -> Any:
        """What the work gave; what it raised is raised here.

        Raises
        ------
        CancelledError
            When it was stopped before there was an answer.
        """
        return self._outcome.result()

    def _tell(self, stage: Stage) -> None:
        if stage.what != self.now.what:
            self._stage_since = time.monotonic()
        self.now = stage
        if not self._alive():
            self.forget()
        if self._outcome.cancelled():
            raise CancelledError

    def _run(self, work: Callable[[Tell], Any], after: "Job | None") -> None:
        try:
            if after:
                after.wait_for_end()
                self._tell(Stage("starting"))
            self._settle(lambda: self._outcome.set_result(work(self._tell)))
        except BaseException as fault:  # noqa: BLE001 - the thread has nobody to raise to; `result` raises it
            failure = fault
            self._settle(lambda: self._outcome.set_exception(failure))
        finally:
            self._end.set()

    def _settle(self, settle: Callable[[], None]) -> None:
        # Stopped work has its outcome: none.
        with suppress(InvalidStateError):
            settle()
