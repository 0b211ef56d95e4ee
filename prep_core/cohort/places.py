"""Whether two paths lead to the same file, or one into the other.  Nothing is opened."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

Place = tuple[int, int] | str


def place(path: Path) -> Place:
    """The same for all paths to one file, through links of every kind: its device and number, or the bare path where
    there is no file.
    """
    try:
        found = os.stat(path)
    except OSError:
        return _real(path)
    return (found.st_dev, found.st_ino) if found.st_ino else _real(path)


def around(paths: Iterable[Path]) -> Iterator[tuple[Place, ...]]:
    """For each of `paths`, the places of the folders that it really lies in, from the inside out."""
    # Thousands of scans lie in few folders, and each look at the disk costs.
    known = cache(_from_inside_out)
    for path in paths:
        leads_elsewhere = path.name == os.pardir or os.path.islink(path)
        yield known(Path(_real(path)).parent if leads_elsewhere else path.parent)


def _from_inside_out(folder: Path) -> tuple[Place, ...]:
    real = Path(_real(folder))
    return tuple(place(one) for one in (real, *real.parents))


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))
