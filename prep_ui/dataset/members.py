"""The scans of a set, wherever their pixels are, looked at one at a time."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TypeVar

from prep_core.batch import Part
from prep_core.batch.found import Read
from prep_core.batch.part import called, source_of
from prep_core.io import distinct
from prep_core.samples import load_sample
from prep_core.samples.sets import SETS
from prep_core.scan import Scan
from prep_ui.dataset.folders import stamp
from prep_ui.dataset.kept import Dataset, InFolder
from prep_ui.session.state import AppState, Opened
from prep_ui.session.store import ScanStore, reader, scan_store

Answer = TypeVar("Answer")

TRAINING, VALIDATION, TEST, LEFT_OUT = ROLES = ("training", "validation", "test", "left out")
"""What a scan is for: the numbers of a dataset line come from training scans, and from no others."""

OPENED, FOLDER = "opened", "folder"
"""Sources of a set that are not built in."""


class GoneError(ValueError):
    """The pixels of a scan are not there any more."""


@dataclass(frozen=True)
class Simulated:
    """A scan of a built-in set."""

    set: str
    index: int

    @property
    def identity(self) -> str:
        return f"{self.set}#{self.index}"


@dataclass(frozen=True)
class Member:
    """One scan of the set; its name is unlike that of any other in there."""

    name: str
    where: Simulated | Opened | InFolder
    role: str

    @property
    def identity(self) -> str:
        return self.where.key or self.where.sample if isinstance(self.where, Opened) else self.where.identity


@dataclass(frozen=True)
class Open:
    """Where pixels come from; made in the session, used by its jobs."""

    store: ScanStore
    read: Read

    def each(self, members: Sequence[Member]) -> Iterator[Scan]:
        """The scans, one at a time, called as in the set; a file that holds several is read once.

        Raises
        ------
        GoneError
            For a scan that had to make room, or a file that changed.
        ReadError
            For a file that cannot be read any more.
        """
        for part, group in groupby(members, lambda m: m.where.part if isinstance(m.where, InFolder) else m.name):
            inside = list(group)
            scans = self._of_part(part, inside) if isinstance(inside[0].where, InFolder) else map(self._one, inside)
            for member, scan in zip(inside, scans, strict=True):
                yield replace(scan, name=member.name)

    def _one(self, member: Member) -> Scan:
        where = member.where
        if isinstance(where, Simulated):
            return built_in(where.set)[where.index]
        if isinstance(where, Opened) and where.sample:
            return load_sample(where.sample)
        scan = self.store.get(member.identity)
        if scan is None:
            raise GoneError(f"{member.name} had to make room for others; open it again, or leave it out of the set")
        return scan

    def _of_part(self, part: Part, members: Sequence[Member]) -> list[Scan]:
        places = [member.where for member in members if isinstance(member.where, InFolder)]
        if stamp(part) != places[0].stamp:
            raise GoneError(f"{called(part)} changed since the folder was read; read the folder again")
        scans = self.read(source_of(part))
        return [scans[place.index] for place in places]


class Members:
    """Scans of a set as `fit` takes them."""

    def __init__(self, members: Sequence[Member], source: Open) -> None:
        self._members = tuple(members)
        self._source = source

    def each(self, work: Callable[[Scan], Answer]) -> Iterator[Answer]:
        for scan in self._source.each(self._members):
            yield work(scan)


def source() -> Open:
    """Where this server's pixels are."""
    return Open(scan_store(), reader().load)


@cache
def built_in(name: str) -> tuple[Scan, ...]:
    """The scans of a built-in set, made once for all sessions; a few megabytes."""
    return SETS[name].make()


def members(state: AppState, dataset: Dataset) -> tuple[Member, ...]:
    """The set that the session has chosen, in its order, with roles."""
    if dataset.source in SETS:
        roles = SETS[dataset.source]
        found = [
            Member(scan.name, Simulated(dataset.source, i), _first_role(i, roles.validation, roles.test))
            for i, scan in enumerate(built_in(dataset.source))
        ]
    elif dataset.source == FOLDER:
        found = [Member(scan.name, scan, TRAINING) for scan in (dataset.folder.scans if dataset.folder else ())]
    else:
        found = list(_opened(state, dataset))
    return tuple(replace(member, role=dataset.roles.get(member.identity, member.role)) for member in found)


def with_role(chosen: Sequence[Member], *roles: str) -> tuple[Member, ...]:
    """Those of `chosen` that have one of `roles`."""
    return tuple(member for member in chosen if member.role in roles)


def fingerprint(chosen: Sequence[Member]) -> str:
    """What the set is: its scans with their roles."""
    text = "\n".join(f"{member.identity} {member.name} {member.role}" for member in chosen)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _opened(state: AppState, dataset: Dataset) -> Iterator[Member]:
    names: set[str] = set()
    for opened in state.opened:
        if not opened.sample or opened.sample in dataset.samples:
            name = distinct(opened.name, names)
            names.add(name.lower())
            yield Member(name, opened, TRAINING)


def _first_role(index: int, validation: Sequence[int], test: Sequence[int]) -> str:
    return VALIDATION if index in validation else TEST if index in test else TRAINING
