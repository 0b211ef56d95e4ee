"""How long each line takes, from outside: the lines themselves know no clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from prep_core.running import Done


@dataclass(frozen=True)
class Timed:
    """A line that was carried out, and in how many seconds; two are equal whatever the time they took."""

    done: Done
    seconds: float = field(compare=False)


def timed(results: Iterable[Done]) -> Iterator[Timed]:
    """Each result as it comes, with the time since the one before it."""
    start = perf_counter()
    for done in results:
        yield Timed(done, perf_counter() - start)
        start = perf_counter()


def duration(seconds: float) -> str:
    """Two significant digits in the unit that a reader expects: 0.4 ms, 12 ms, 1.2 s, 3 min 20 s."""
    if seconds < 0.9995:
        thousandths = seconds * 1000
        return "less than 0.1 ms" if thousandths < 0.05 else f"{thousandths:.{1 if thousandths < 9.95 else 0}f} ms"
    if seconds < 59.5:
        return f"{seconds:.{1 if seconds < 9.95 else 0}f} s"
    return f"{round(seconds) // 60:d} min {round(seconds) % 60:d} s"
