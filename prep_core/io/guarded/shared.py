"""One guarded reader for each process that reads: what can be sent to a worker, where a reader cannot."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from prep_core.io.files import FileSource
from prep_core.io.guarded.reader import GuardedReader
from prep_core.io.limits import Limits
from prep_core.scan import Scan


@dataclass(frozen=True)
class Guarded:
    """Reads as `GuardedReader` does, with that of the process in which it is called; made at the first call there."""

    limits: Limits

    def load(self, source: FileSource, **answers: Any) -> list[Scan]:
        """As `GuardedReader.load`."""
        return _reader(self.limits).load(source, **answers)


@cache
def _reader(limits: Limits) -> GuardedReader:
    return GuardedReader(limits=limits)
