"""Reads uploaded files beside the session, one part after the other; what is read is taken in as it comes."""

import secrets
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue

import streamlit as st

from prep_core.io import Content, GuardedReader, Question, ReaderFault, ReadError
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.app_state import AppState, Pending, ToRead
from prep_ui.session.store import reader
from prep_ui.work import running
from prep_ui.work.job import Job, Stage, Tell

KIND = "reading"
_KEY = "_prep_reading"

Outcome = list[Scan] | Question | ReadError | ReaderFault


@dataclass(frozen=True)
class Reading:
    """What is read at the moment, and what came of the parts that are done, in their order."""

    items: tuple[ToRead, ...]
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    outcomes: "SimpleQueue[tuple[ToRead, Outcome]]" = field(default_factory=SimpleQueue)


def read_waiting(state: AppState) -> None:
    """Read what waits, or draw how far it is; a click meanwhile takes in what is read already and loses nothing."""
    # Always a block: a poll that comes late would end the page if it found an element in its place.
    place = st.container()
    while state.queue:
        reading = st.session_state.setdefault(_KEY, Reading(state.queue))
        job = running.begun(KIND, reading.key, partial(read_all, reader(), reading), keep=False)
        finished = job.finished
        _take_in(state, reading)
        if not finished:
            with place:
                running.progress(KIND, job)
            return
        del st.session_state[_KEY]
        _end(state, job)


def read_all(guarded: GuardedReader, reading: Reading, tell: Tell) -> None:
    """Read each part; what cannot be read is an outcome too."""
    total, done = sum(map(_size, reading.items)), 0
    for item in reading.items:
        tell(_stage(item, done, total, len(reading.items)))
        try:
            outcome: Outcome = guarded.load(item.files, **item.answers)
        except (Question, ReadError, ReaderFault) as fault:
            outcome = fault
        reading.outcomes.put((item, outcome))
        done += _size(item)


def _take_in(state: AppState, reading: Reading) -> None:
    while True:
        try:
            item, outcome = reading.outcomes.get_nowait()
        except Empty:
            return
        state.queue = state.queue[1:]
        if isinstance(outcome, Question):
            state.pending = (*state.pending, Pending(item.files, outcome, item.answers))
        elif isinstance(outcome, ReadError | ReaderFault):
            state.complaints = (*state.complaints, str(outcome))
        else:
            sessions.open_scans(state, outcome)


def _end(state: AppState, job: Job) -> None:
    """What was stopped is not read; the loss of a browser stops too, and then the rest is read when it is back."""
    try:
        job.result()
    except CancelledError:
        if not job.forgotten:
            count = len(state.queue)
            what = "file or series was" if count == 1 else "files or series were"
            state.complaints = (*state.complaints, f"Reading was stopped: {count} {what} not opened; upload again.")
            state.queue = ()


def _stage(item: ToRead, done: int, total: int, count: int) -> Stage:
    name = called(item.files)
    if count == 1:
        return Stage(f"reading {name}, {total / 1e6:.3g} MB")
    return Stage("reading", round(done / 1e6, 1), round(total / 1e6, 1), f"MB, now {name}")


def _size(item: ToRead) -> int:
    return sum(map(len, item.files.values()))


def called(files: Mapping[str, Content]) -> str:
    """The first of `files`, and how many more there are."""
    first = next(iter(files)).split("/")[-1]
    return first if len(files) == 1 else f"{first} and {len(files) - 1} more"
