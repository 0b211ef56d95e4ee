"""One guarded reader for each process that reads: what can be sent to a worker, where a reader cannot."""

import atexit
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from prep_core.io.answers import Answers
from prep_core.io.files import Content, FileSource, Series
from prep_core.io.guarded.reader import GuardedReader
from prep_core.io.large.large_scan import LargeScan
from prep_core.io.large.opening import Stamp, may_be_large, stamp
from prep_core.io.limits import Limits
from prep_core.scan import Scan


@dataclass(frozen=True)
class Guarded:
    """Reads as `GuardedReader` does, with that of the process in which it is called; made at the first call there."""

    limits: Limits

    def load(self, source: FileSource, **answers: Any) -> list[Scan]:
        """As `GuardedReader.load`."""
        return _reader(self.limits).load(source, **answers)

    def load_or_open(self, source: FileSource, **answers: Any) -> list[Scan | LargeScan]:
        """As `load`; what is larger than `limits.whole_bytes` is opened to be read in parts, if its format allows."""
        large = (
            None if isinstance(source, Content | Mapping | Series) else self._opened(Path(source).absolute(), answers)
        )
        return [*self.load(source, **answers)] if large is None else [large]

    def _opened(self, path: Path, answers: Mapping[str, Any]) -> LargeScan | None:
        if not may_be_large(path, self.limits):
            return None
        return _large(self.limits, path, Answers(**answers), stamp(path))


@lru_cache(16)
def _large(limits: Limits, path: Path, answers: Answers, _: Stamp) -> LargeScan | None:
    """Remembered, so that the passes of a fit read the file through but once for its digest and findings."""
    reader = _reader(limits)
    found = reader.outline(path, answers)
    if found is None:
        return None
    return LargeScan(found.scan, found.grain, partial(reader.block, path, answers, found.scan), limits.block_voxels)


@cache
def _reader(limits: Limits) -> GuardedReader:
    reader = GuardedReader(limits=limits)
    atexit.register(reader.close)
    return reader
