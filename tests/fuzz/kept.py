"""What was tried so far, a minute a line, so that a run goes on where the last one stopped.

Several processes may add to the same file, each with parts of its own.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz.part import Part, Seen

MINUTE = 60.0


@dataclass(frozen=True)
class Stretch:
    """Cases of one part that were tried in a row.

    Attributes
    ----------
    first, count : int
        The number of the first case, and how many there were.
    outcomes : mapping
        How many cases came to each outcome.
    failed : tuple of str
        What repeats the cases that failed.
    """

    part: str
    date: str
    first: int
    count: int
    seconds: float
    slowest: float
    outcomes: Mapping[str, int]
    failed: tuple[str, ...] = field(default=())


def stretches(file: Path, part: str) -> list[Stretch]:
    """What `file` says of a part; nothing where there is no such file yet."""
    if not file.exists():
        return []
    lines = (json.loads(line) for line in file.read_text().splitlines())
    return [Stretch(**{**line, "failed": tuple(line["failed"])}) for line in lines if line["part"] == part]


def missing(file: Path, name: str, part: Part) -> float:
    """Seconds for which the part is still to be tried."""
    return max(part.seconds - sum(stretch.seconds for stretch in stretches(file, name)), 0.0)


def go_on(file: Path, name: str, part: Part) -> Iterator[Seen]:
    """Try the part for the time that is missing, add each minute to `file`, and give the cases that failed."""
    before = stretches(file, name)
    first = before[-1].first + before[-1].count if before else 0
    cases = part.cases(first)
    while (left := missing(file, name, part)) > 0:
        stretch, failed = tried(name, cases, first, min(left, MINUTE))
        first += stretch.count
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as lines:
            # One write of one line, which other processes cannot come into.
            lines.write(json.dumps(asdict(stretch)) + "\n")
        yield from failed


def tried(name: str, cases: Iterator[Seen], first: int, seconds: float) -> tuple[Stretch, list[Seen]]:
    """The next of `cases`, of which the first has that number, for so long, and those that failed."""
    outcomes: Counter[str] = Counter()
    failed: list[Seen] = []
    # The first case waits until all that is needed is imported, which is no time of trying.
    start, slowest = 0.0, 0.0
    for seen in cases:
        start = start or time.monotonic()
        outcomes[seen.outcome] += 1
        slowest = max(slowest, seen.seconds)
        failed += [seen] if seen.failed else []
        if time.monotonic() - start >= seconds:
            break
    date = datetime.now(UTC).date().isoformat()
    lasted = round(time.monotonic() - start, 1)
    again = tuple(seen.case for seen in failed)
    stretch = Stretch(name, date, first, outcomes.total(), lasted, round(slowest, 2), dict(outcomes), again)
    return stretch, failed
