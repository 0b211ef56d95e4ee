"""The scans of all sessions within bounds: a session holds a shelf, and asks for what lies on it by keys."""

import os
import secrets
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock
from weakref import WeakSet

import streamlit as st

from prep_core.io import GuardedReader, Limits
from prep_core.samples import load_sample
from prep_core.scan import Scan
from prep_ui.session.bounds import VARIABLE, Bounds, bounds

MOST_READERS = 4
"""Files that are read at the same time; each process keeps 0.2 GB of memory."""


class NoRoomError(ValueError):
    """A scan that cannot be kept; the sentence says what holds the memory, and what to do."""


@dataclass(frozen=True, slots=True)
class Held:
    """A scan, and how many bytes it takes, counted once: whether all of it is valid is read from every voxel."""

    scan: Scan
    size: int


class Shelf:
    """The scans of one session by key, the longest unused first; they go when it goes."""

    def __init__(self) -> None:
        self.scans: OrderedDict[str, Held] = OrderedDict()

    @property
    def held(self) -> int:
        """Bytes."""
        return sum(held.size for held in self.scans.values())


class ScanStore:
    """Scans by keys that cannot be guessed.  Nobody's scan makes room for one of somebody else."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._shelves: WeakSet[Shelf] = WeakSet()
        self._lock = Lock()

    def put(self, shelf: Shelf, scan: Scan, instead_of: str = "", keep: Collection[str] = ()) -> str:
        """Lay `scan` on `shelf` and return its key; the longest unused there make room for it.

        Parameters
        ----------
        instead_of : str
            Whose place it takes.
        keep : collection of str
            Scans that make no room.

        Raises
        ------
        NoRoomError
            Where that is not enough; nothing is changed then.
        """
        new, key = Held(scan, _size(scan)), secrets.token_hex(16)
        with self._lock:
            self._shelves.add(shelf)
            others = {each: held.size for each, held in shelf.scans.items() if each != instead_of}
            stays = sum(size for each, size in others.items() if each in keep)
            most = min(self._bounds.session, self._bounds.scans - self._held_beside(shelf))
            if stays + new.size > most:
                raise NoRoomError(self._complaint(scan.name, new.size, stays, self._held_beside(shelf)))
            shelf.scans.pop(instead_of, None)
            may_go = (each for each in others if each not in keep)
            while shelf.held + new.size > most:
                del shelf.scans[next(may_go)]
            shelf.scans[key] = new
        return key

    def get(self, key: str) -> Scan | None:
        """The scan of `key`, or None once it had to make room."""
        with self._lock:
            for shelf in self._shelves:
                if key in shelf.scans:
                    shelf.scans.move_to_end(key)
                    return shelf.scans[key].scan
        return None

    def has(self, key: str) -> bool:
        """Whether the scan of `key` is still there; asking is no use of it."""
        with self._lock:
            return any(key in shelf.scans for shelf in self._shelves)

    def drop(self, key: str) -> None:
        with self._lock:
            for shelf in self._shelves:
                shelf.scans.pop(key, None)

    def _held_beside(self, shelf: Shelf) -> int:
        return sum(other.held for other in self._shelves if other is not shelf)

    def _complaint(self, name: str, size: int, stays: int, elsewhere: int) -> str:
        most, of_all = self._bounds.session, self._bounds.scans
        needs = f"{name or 'the scan'} was not opened: it takes {_in_words(size)} of memory"
        if size > most:
            raised = f'start the dashboard with {VARIABLE}="scans={max(size, of_all)} session={size}"'
            return f"{needs}, and the scans of one session may take {_in_words(most)}; try a smaller scan, or {raised}"
        if stays + size > most:
            used = f"those opened with it take {_in_words(stays)} of the {_in_words(most)} of a session"
            return f"{needs}, and {used}; open fewer at a time"
        used = f"the scans of other sessions take {_in_words(elsewhere)} of the {_in_words(of_all)} for all"
        return f"{needs}, and {used}; try a smaller scan, or wait until others close theirs"


@st.cache_resource(show_spinner=False)
def scan_store() -> ScanStore:
    return ScanStore(bounds())


@st.cache_resource(show_spinner=False)
def reader() -> GuardedReader:
    """What reads the files of strangers, in processes of their own.

    PREP_LIMITS, such as "voxels=536870912 seconds=120", changes the limits of the page.
    """
    limits = Limits().with_words(os.environ.get("PREP_LIMITS", "").split())
    return GuardedReader(min(MOST_READERS, os.cpu_count() or 1), limits)


@st.cache_resource(show_spinner="Opening the sample", max_entries=8)
def sample(name: str) -> Scan:
    """A built-in scan, opened once for all sessions."""
    scan: Scan = load_sample(name)
    return scan


def _size(scan: Scan) -> int:
    return int(scan.data.nbytes + (0 if scan.all_valid else scan.valid.nbytes))


def _in_words(size: int) -> str:
    return f"{size / 1e9:.3g} GB" if size >= 1e9 else f"{size / 1e6:.3g} MB"
