"""Answers that take their time: what is known comes at once, the rest from a job beside the session, with progress."""

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from prep_core.io import ReaderFault
from prep_ui.session.bounds import bounds
from prep_ui.text import plain
from prep_ui.work.job import Job, Stage, Tell
from prep_ui.work.results import Results, Room
from prep_ui.work.runtime import session_alive

PATIENCE = 0.7
"""Seconds to wait for work that may be done in a moment, so that no bar flashes up."""

POLL = 0.5
"""Seconds from one look at a job to the next."""

MOST, BUDGET = 200, 1 << 30
"""Answers that a session keeps, and the bytes that they may hold."""

FEWER: Mapping[str, int] = {"plane": 4, "whole": 3}
"""Planes after all lines, and volumes after one: each place of a slider makes new ones, and few are seen again."""

_KEY = "_prep_work"


@dataclass(frozen=True, eq=False)
class Unfinished:
    """Work that somebody waits for, or that ended without an answer."""

    kind: str
    job: Job


@st.cache_resource(show_spinner=False)
def _room() -> Room:
    return Room(bounds().answers)


@dataclass
class Work:
    """What one session computes and has computed.

    Attributes
    ----------
    results : answers by name; a name is the kind of the work, a colon, and the key of what it is for
    jobs : by kind, what runs or ran last
    asked : by kind, the name of what somebody asked for by a button
    """

    results: Results = field(default_factory=lambda: Results(MOST, BUDGET, _room(), FEWER))
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


def of_session() -> Work:
    """The work of the running session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Work()
    work: Work = st.session_state[_KEY]
    return work


def answer(kind: str, key: str, work: Callable[[Tell], Any], soon: bool = True) -> Any | None:
    """The answer called `key`; None while it is computed, or when there is none, which is drawn in place.

    Work of the same `kind` for another key is stopped: nobody looks at its answer any more.  `work` runs in a thread of
    its own, so it may not call Streamlit.  Work that cannot be done `soon` is not waited for.
    """
    # Always a block: a poll that comes late would end the page if it found an element in its place.
    place = st.container()
    known = known_answer(kind, key)
    if known is not None:
        return known
    job = begun(kind, key, work, soon=soon)
    with place:
        if job.finished:
            return _settled(kind, job)
        progress(kind, job)
    return None


def known_answer(kind: str, key: str) -> Any | None:
    """The answer called `key`, if it was computed before; work of this kind for another key is stopped then."""
    session = of_session()
    known = session.results.get(f"{kind}:{key}")
    if known is None and kind in session.jobs and session.jobs[kind].key == f"{kind}:{key}":
        _keep(session, session.jobs[kind])
        known = session.results.get(f"{kind}:{key}")
    if known is not None:
        stop_others(kind, key)
    return known


def by_share(tell: Tell) -> Callable[[float, str], None]:
    """`tell` for work that says which share of it is done, and what comes next."""
    return lambda share, words: tell(Stage(words, share, 1))


def stop_others(kind: str, key: str) -> None:
    """Stop what runs of this kind, if it is not for `key`."""
    job = of_session().jobs.get(kind)
    if job and job.key != f"{kind}:{key}" and not job.finished:
        job.forget()


def begun(kind: str, key: str, work: Callable[[Tell], Any], keep: bool = True, soon: bool = True) -> Job:
    """The job for `key`, begun now if it is not yet; after a moment in which short work comes to its end.

    Without `keep` its answer goes with the job: for what is put together from answers that are kept.
    """
    session, name = of_session(), f"{kind}:{key}"
    job = session.jobs.get(kind)
    if job is None or job.key != name or job.forgotten:
        if job and keep:
            _keep(session, job)
        if job:
            job.forget()
        job = session.jobs[kind] = Job(name, work, session_alive(), after=job)
    job.wait(max(0.0, PATIENCE - job.seconds) if soon else 0.0)
    return job


def is_asked(kind: str, key: str) -> bool:
    """Whether `ask` was called for this answer, or it is known."""
    session, name = of_session(), f"{kind}:{key}"
    return session.asked.get(kind) == name or name in session.results


def ask(kind: str, key: str) -> None:
    """For a button: from now on the answer is wanted, anew if work for it was stopped or failed."""
    session = of_session()
    session.asked[kind] = f"{kind}:{key}"
    if kind in session.jobs:
        session.jobs[kind].forget()


def forget(kind: str) -> None:
    """Stop what runs of this kind, and forget how it ended and all answers."""
    session = of_session()
    session.asked.pop(kind, None)
    session.results.drop(f"{kind}:")
    if kind in session.jobs:
        session.jobs[kind].forget()


def _keep(session: Work, job: Job) -> None:
    """The answer of a job that came to its end while nobody looked."""
    if job.succeeded:
        session.results.put(job.key, job.result())


def _settled(kind: str, job: Job) -> Any | None:
    session = of_session()
    if job.succeeded:
        _keep(session, job)
        return job.result()
    ended(kind, job)
    return None


def draw(waiting: Unfinished) -> None:
    """How far the work is, or why it has no answer."""
    if waiting.job.finished and not waiting.job.succeeded:
        ended(waiting.kind, waiting.job)
    else:
        progress(waiting.kind, waiting.job)


def ended(kind: str, job: Job) -> None:
    """Draw why a job has no answer, and how to begin it again."""
    try:
        job.result()
    except CancelledError:
        still = "" if job.ended else " What was at work ends by itself as soon as it can; nothing of it is kept."
        message, words = st.info, f"Stopped, nothing was changed.{still}"
    except (ValueError, ReaderFault) as fault:
        message, words = st.error, plain(str(fault))
    with st.container(horizontal=True, vertical_alignment="center", key=_key(kind)):
        message(words)
        st.button(
            "Start again",
            key=f"work.{kind}.again",
            icon=":material/refresh:",
            on_click=job.forget,
            help="Does the same work once more.",
        )


@st.fragment(run_every=POLL)
def progress(kind: str, job: Job) -> None:
    """How far `job` is, with a way to stop it; drawn anew by itself, so that the rest of the page stays as it is."""
    if job.finished:
        st.rerun()
    now = job.now
    with st.container(horizontal=True, vertical_alignment="center", key=_key(kind)):
        st.progress(min(now.done / now.of, 1.0) if now.of else 0.0, plain(in_words(now, job.seconds, job.seconds_left)))
        st.button(
            "Cancel",
            key=f"work.{kind}.cancel",
            icon=":material/close:",
            on_click=job.stop,
            help="Stops at once; what was computed so far is dropped.",
        )


def _key(kind: str) -> str:
    return f"work-{kind.replace(' ', '-')}"


def in_words(now: Stage, seconds: float, left: float | None) -> str:
    """What is being done, how far it is, how long it takes already, and how long this stage has to go."""
    counted = f", {now.done:.0f} of {now.of:.0f} {now.things}" if now.things and now.of else ""
    rest = f", about {_rounded(left)} left for this" if left is not None and seconds > 2 else ""
    return f"{now.what[:1].upper()}{now.what[1:]}{counted}, {_rounded(seconds)}{rest}"


def _rounded(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole:d} s" if whole < 120 else f"{round(whole / 60):d} min"
