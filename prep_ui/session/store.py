"""One bounded place for the scans of all sessions: a session holds keys, never pixels."""

import os
import secrets
from collections import OrderedDict
from threading import Lock

import streamlit as st

from prep_core.io import GuardedReader, Limits
from prep_core.samples import load_sample
from prep_core.scan import Scan

MOST_READERS = 4
"""Files that are read at the same time; each process keeps 0.2 GB of memory."""

BUDGET = 4 << 30
"""Bytes of pixels that all sessions together may keep; the longest unused go first."""


class ScanStore:
    """Scans by keys that cannot be guessed, within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._scans: OrderedDict[str, Scan] = OrderedDict()
        self._lock = Lock()

    def put(self, scan: Scan) -> str:
        """Keep `scan` and return its key."""
        key = secrets.token_hex(16)
        with self._lock:
            self._scans[key] = scan
            while len(self._scans) > 1 and sum(_size(s) for s in self._scans.values()) > self._budget:
                self._scans.popitem(last=False)
        return key

    def get(self, key: str) -> Scan | None:
        """The scan of `key`, or None once it had to make room."""
        with self._lock:
            if key in self._scans:
                self._scans.move_to_end(key)
            return self._scans.get(key)

    def has(self, key: str) -> bool:
        """Whether the scan of `key` is still there; asking is no use of it."""
        with self._lock:
            return key in self._scans

    def drop(self, key: str) -> None:
        with self._lock:
            self._scans.pop(key, None)


@st.cache_resource(show_spinner=False)
def scan_store() -> ScanStore:
    return ScanStore(BUDGET)


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
