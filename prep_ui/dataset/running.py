"""Results that take their time: what is known is shown, what is not is computed beside the session, with progress."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from prep_core.io import ReaderFault
from prep_ui.dataset.job import Cancelled, Job, Tell
from prep_ui.state import AppState
from prep_ui.text import plain

AT_ONCE = 0.4
"""Seconds to wait for work that may be done in a moment, so that no bar flashes up."""


def wanted(state: AppState, kind: str, key: str, scans: int, work: Callable[[Tell], Any]) -> Any | None:
    """The result called `key`; None while it is computed, or when it cannot be, which is drawn then.

    Work of the same `kind` for another key is stopped: nobody looks at its result any more.
    """
    dataset = state.dataset
    if key in dataset.known:
        return dataset.known[key]
    job = dataset.jobs.get(kind)
    if job is None or job.key != key:
        if job:
            job.cancel()
        job = dataset.jobs[kind] = Job(key, work, scans, state)
    if not job.wait(AT_ONCE):
        _progress(job)
        return None
    return _settled(state, kind, job)


def stop(state: AppState, kind: str) -> None:
    """Stop what runs of this kind, and forget how it ended."""
    job = state.dataset.jobs.pop(kind, None)
    if job:
        job.cancel()


def _settled(state: AppState, kind: str, job: Job) -> Any | None:
    try:
        result = job.result()
    except Cancelled:
        st.info("Stopped. Nothing was changed.")
    except (ValueError, ReaderFault) as fault:
        st.error(plain(str(fault)))
    else:
        state.dataset.remember(job.key, result)
        return result
    st.button("Start again", key=f"dataset.again.{kind}", on_click=stop, args=(state, kind))
    return None


@st.fragment(run_every=0.5)
def _progress(job: Job) -> None:
    """Drawn anew by itself, so that the rest of the page stays as it is."""
    if job.finished:
        st.rerun()
    now = job.now
    if job.scans:
        words = f"{now.what}: {now.scans} of {job.scans} scans, {job.seconds:.0f} s"
        st.progress(min(now.scans / job.scans, 1.0), plain(words))
    else:
        st.markdown(plain(f"{now.what}: {now.scans} read, {job.seconds:.0f} s"))
    st.button(
        "Cancel", key="dataset.cancel", icon=":material/close:", on_click=job.cancel, help="Stops at the next scan."
    )
