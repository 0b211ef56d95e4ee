"""Which scans make the set: a built-in one, those that were opened, or a folder of the server."""

import os
from functools import partial
from pathlib import Path

import streamlit as st

from prep_core.samples import SAMPLES
from prep_core.samples.sets import SETS
from prep_ui.dataset import running
from prep_ui.dataset.folders import FolderError, allowed, inside, read_folder
from prep_ui.dataset.kept import FolderRead
from prep_ui.dataset.members import FOLDER, OPENED, Open
from prep_ui.opening import reading, upload
from prep_ui.safety.loosened import FOLDERS
from prep_ui.session.bound import bound
from prep_ui.session.state import AppState
from prep_ui.text import plain
from prep_ui.work.running import forget

MANY = 5
"""Complaints that are shown; of the others, how many there are."""


def chooser(state: AppState, source: Open) -> None:
    """Draw the choice of the set, and what it needs."""
    dataset = state.dataset
    roots = allowed(os.environ.get(FOLDERS, ""))
    titles = {
        **{name: sample.title for name, sample in SETS.items()},
        OPENED: "Scans that I open",
        **({FOLDER: "A folder on the server"} if roots else {}),
    }
    if dataset.source not in titles:
        own = any(not opened.sample for opened in state.opened)
        dataset.source = OPENED if own else next(iter(SETS))

    def take(source: str) -> None:
        dataset.source = source

    st.selectbox(
        "Set of scans",
        list(titles),
        list(titles).index(dataset.source),
        titles.__getitem__,
        help="A built-in set, the scans that you opened here or on Inspect, or a folder where the server allows it.",
        **bound("dataset.source", dataset.source, take),
    )
    if dataset.source in SETS:
        st.caption(plain(SETS[dataset.source].text))
    elif dataset.source == OPENED:
        _opened(state)
    else:
        _folder(state, roots, source)


def _opened(state: AppState) -> None:
    reading.read_waiting(state)
    upload.uploader(state, "They are in the set.")
    dataset = state.dataset

    def take(names: list[str]) -> None:
        dataset.samples = tuple(names)

    st.multiselect(
        "Built-in scans in the set",
        list(SAMPLES),
        dataset.samples,
        format_func=lambda name: SAMPLES[name].title,
        placeholder="none",
        help="Those you opened are in the set unless you leave them out in the table.",
        **bound("dataset.samples", list(dataset.samples), take),
    )


def _folder(state: AppState, roots: tuple[Path, ...], source: Open) -> None:
    names = [f"{i}: {root.name}" for i, root in enumerate(roots, start=1)]
    place = st.selectbox("Folder", range(len(roots)), key="dataset.root", format_func=names.__getitem__)
    typed = st.text_input("Inside it", key="dataset.folder", placeholder="study/train", persist_state="session")
    try:
        folder = inside(roots[place], typed)
    except FolderError as fault:
        st.error(plain(str(fault)))
        return
    if st.button("Read the folder", key="dataset.read", type="primary", help="One scan at a time; only figures stay."):
        forget("folder")
        st.session_state["dataset.asked"] = str(folder)
    if st.session_state.get("dataset.asked") != str(folder):
        return
    work = partial(read_folder, folder, source.read)
    found: FolderRead | None = running.wanted("folder", f"folder:{folder}", 0, lambda tell: work(tell))
    state.dataset.folder = found
    if found:
        state.dataset.figures |= found.figures
        _unreadable(found.complaints)


def _unreadable(complaints: tuple[str, ...]) -> None:
    if complaints:
        with st.expander(f"{len(complaints)} files are not in the set", icon=":material/error:"):
            for words in complaints[:MANY]:
                st.markdown(plain(words))
            if len(complaints) > MANY:
                st.caption(f"And {int(len(complaints) - MANY)} more.")
