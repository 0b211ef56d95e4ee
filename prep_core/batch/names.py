"""Names for the files of results: given in the order of the paths, so that they do not depend on who was faster."""

from collections.abc import Iterable

from prep_core.batch.part import Part, path_of
from prep_core.io import Series
from prep_core.io.names import scan_name


class Names:
    """Gives each name once, compared without case: scan, then scan_2, scan_3, ..."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._last: dict[str, int] = {}

    def give(self, name: str) -> str:
        """`name`, or with the first number that makes it new."""
        number = self._last.get(name.lower(), 0) + 1
        while (given := _numbered(name, number)).lower() in self._given:
            number += 1
        self._last[name.lower()] = number
        self._given.add(given.lower())
        return given


def stem_of(part: Part) -> str:
    """The name that the scan in `part` will have, as far as that can be told before it is read."""
    return part.name if isinstance(part, Series) else scan_name(path_of(part).name)


def expected_ends(parts: Iterable[Part]) -> list[str]:
    """What each of `parts` will be given behind its name, if it holds one scan: "", "_2", ...

    A guess: it says where a result of before may lie, before all scans are read.
    """
    names = Names()
    return [names.give(stem)[len(stem) :] for stem in map(stem_of, parts)]


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
