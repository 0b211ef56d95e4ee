"""Files of strangers, read in processes of their own: a decoder that crashes, hangs or eats memory ends only itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from queue import LifoQueue
from typing import Any, Self

from prep_core.io.answers import Answers
from prep_core.io.errors import ReadError
from prep_core.io.files import Content, FileSource, Series
from prep_core.io.guarded.child import NONSENSE, TOO_LATE, Child, Lost
from prep_core.io.guarded.wire import TOO_MUCH_MEMORY, Fault, Request
from prep_core.io.large.layout import Region
from prep_core.io.large.opening import Outline
from prep_core.io.limits import Limits, raising
from prep_core.io.segment import IS_THERE, SHARED_FROM, Segment
from prep_core.scan import Scan

SLOWEST = 2**23
"""Bytes that are read in a second at least, where a large file is read through."""

HOURS = 4 * 3600
"""Seconds for a store, whose size nobody knows before its files are listed."""


class ReaderFault(RuntimeError):
    """A mistake of this program while it read a file: neither the file nor its reader is at fault."""


class GuardedReader:
    """Reads as `prep_core.io.load` does, in `workers` processes that are kept and used again.

    A process that crashes, takes longer than `limits.seconds` or wants more than `limits.memory_bytes` is replaced,
    and the file is refused.  Several threads may share one reader: each waits for a process that is free.

    Parameters
    ----------
    workers : int
        Files that are read at the same time.
    limits : Limits
        For every load that brings none of its own.

    Notes
    -----
    Use it as a context manager, or call `close`; the processes also end with the program.
    """

    def __init__(self, workers: int = 1, limits: Limits | None = None) -> None:
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, got {workers}")
        self.limits = limits or Limits()
        self._workers = workers
        self._free: LifoQueue[Child | None] = LifoQueue()
        for _ in range(workers):
            self._free.put(Child())

    def load(
        self, source: FileSource, *, name: str | None = None, limits: Limits | None = None, **answers: Any
    ) -> list[Scan]:
        """Read every scan in `source`.

        Parameters
        ----------
        source, name, limits, **answers
            As in `prep_core.io.load`.  The limits count from the moment at which a process is free.

        Raises
        ------
        ReadError
            As `load` does, and when the decoder crashes or goes beyond the limits of time or memory.
        ReaderFault
            For a mistake of this program; the sentence says in which lines.
        ValueError
            For an answer that is none, or after `close`.
        """
        return self._asked(Request(_sent(source), name, Answers(**answers), limits or self.limits))

    def outline(self, path: Path, answers: Answers) -> Outline | None:
        """What `path` holds, if it is to be read in parts; reading it through may take long, as it is large.

        Raises
        ------
        ReadError, ReaderFault
            As `load`.
        """
        seconds = self.limits.seconds + path.stat().st_size // SLOWEST
        limits = replace(self.limits, seconds=seconds if path.is_file() else HOURS)
        found: list[Any] = self._asked(Request(str(path), None, answers, limits, in_parts=True))
        return found[0] if found else None

    def block(self, path: Path, answers: Answers, scan: Scan, region: Region) -> Scan:
        """A region of the scan that `outline` gave for `path`.

        Raises
        ------
        ReadError, ReaderFault
            As `load`.
        """
        ends = tuple((part.start, part.stop) for part in region)
        (part,) = self._asked(Request(str(path), None, answers, self.limits, part=scan, region=ends))
        return part

    def _asked(self, request: Request) -> list[Scan]:
        child = self._free.get()
        try:
            if child is None:
                raise ValueError("this reader is closed; make a new one")
            return _outcome(child.ask(request), request)
        except Lost as lost:
            raise _refusal(lost.how, request) from lost
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End the processes, each as soon as it is free.  A closed reader can be closed again."""
        for _ in range(self._workers):
            child = self._free.get()
            if child is None:
                break
            child.end()
        # For whoever still waits, and for the next close.
        self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sent(source: FileSource) -> str | Content | Mapping[str, Content] | Series:
    """`source` for a process with another current folder, which looks at what is large where it lies."""
    if isinstance(source, Series):
        return source.absolute()
    if isinstance(source, Mapping):
        return {name: _shared(data) for name, data in source.items()}
    return _shared(source) if isinstance(source, Content) else str(Path(source).absolute())


def _shared(data: Content) -> Content:
    if isinstance(data, Segment) or len(data) < SHARED_FROM or not IS_THERE:
        return data
    return Segment.of([data])


def _outcome(answer: Any, request: Request) -> list[Scan]:
    if isinstance(answer, ReadError):
        raise answer
    if isinstance(answer, Fault):
        where = ", ".join(answer.where) or "an unknown place"
        raise ReaderFault(f"{request.shown} met a mistake of this program ({answer.kind} at {where}); please report it")
    if answer == TOO_MUCH_MEMORY:
        raise _too_large(request)
    scans: list[Scan] = answer
    return scans


def _refusal(how: str, request: Request) -> ReadError:
    if how == TOO_LATE:
        return _too_long(request)
    does = "answer with nonsense" if how == NONSENSE else f"crash ({how})"
    return ReadError(
        f"{request.shown} made its decoder {does}; it is corrupt or hostile, or needs more memory than there is: "
        "get a fresh copy or convert it"
    )


def _too_long(request: Request) -> ReadError:
    allowed = request.limits.seconds
    return ReadError(
        f"{request.shown} takes too long: reading it was stopped at the limit seconds = {allowed}; "
        f"{raising('seconds', 2 * allowed)}"
    )


def _too_large(request: Request) -> ReadError:
    allowed = request.limits.memory_bytes
    return ReadError(
        f"{request.shown} is too large: reading it takes more memory than the limit memory_bytes = {allowed:,}; "
        f"{raising('memory_bytes', 2 * allowed)}"
    )
