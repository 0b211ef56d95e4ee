"""Who may fetch planes of which scan: a ticket belongs to one session and one of its scans, and cannot be guessed."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from weakref import ref

import streamlit as st

from prep_core.scan import Scan
from prep_ui.session.state import AppState

MOST = 1000
"""Tickets of all sessions together; the longest unused go first."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """It keeps neither the session nor the pixels in memory."""

    state: ref[AppState]
    identity: str
    scan: ref[Scan]


class Tickets:
    """Scans by words that cannot be guessed, each for as long as its session holds the scan."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._lock = Lock()

    def issue(self, state: AppState, identity: str, scan: Scan) -> str:
        """The word for `scan`, which `state` calls `identity`: the same one each time."""
        with self._lock:
            for word, ticket in self._tickets.items():
                if ticket.state() is state and ticket.identity == identity and ticket.scan() is scan:
                    self._tickets.move_to_end(word)
                    return word
            word = secrets.token_urlsafe(32)
            self._tickets[word] = Ticket(ref(state), identity, ref(scan))
            while len(self._tickets) > self._most:
                self._tickets.popitem(last=False)
            return word

    def scan(self, word: str) -> Scan | None:
        """The scan that `word` opens; None for a word that opens nothing, or nothing any more."""
        with self._lock:
            ticket = self._tickets.get(word)
        state = ticket and ticket.state()
        held = state and any(ticket.identity in (o.sample, o.key) for o in state.opened) if ticket else False
        return ticket.scan() if ticket and held else None


@st.cache_resource(show_spinner=False)
def tickets() -> Tickets:
    return Tickets()
