"""Scans from the user's machine: taken over at once, Streamlit's copies released, read one after the other."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from prep_core.io import Question, ReaderFault, ReadError, divide
from prep_ui import questions
from prep_ui import state as sessions
from prep_ui.runtime import release_upload
from prep_ui.state import AppState, Pending
from prep_ui.store import reader
from prep_ui.text import plain

FORMATS = (
    "DICOM, NIfTI, NRRD, MHA, TIFF, OME-TIFF, PNG, JPEG, FITS, HDF5, MATLAB, npy, npz, raw numbers; as files, as a "
    "folder (also Zarr), or as .zip or .tar.gz. Read in memory, never stored."
)


def uploader(state: AppState, hint: str = "Choose one above.") -> None:
    """Draw the uploaders, what went wrong, and the question that is open; `hint` follows how many scans were opened."""
    whole = st.toggle(
        "A folder",
        key="inspect.folder",
        help="Upload a whole folder, such as a DICOM series.",
        persist_state="session",
    )
    key = f"inspect.upload.{state.uploads}"
    st.file_uploader(
        "Upload scans",
        accept_multiple_files="directory" if whole else True,
        key=key,
        on_change=_take_over,
        args=(state, key),
        help=FORMATS,
    )
    if state.fresh > 1:
        st.caption(plain(f"{state.fresh} scans opened. {hint}"))
    _complaints(state.complaints)
    if state.pending:
        questions.ask(state, state.pending[0], len(state.pending), read)


def read_waiting(state: AppState) -> None:
    """Read what was uploaded and not read yet, with a bar that says how far it is.

    What was read is kept at once, so that a click in the middle loses nothing: the next run goes on with the rest.
    """
    if not state.queue:
        return
    total = sum(_size(files) for files in state.queue)
    count = len(state.queue)
    bar = st.progress(0.0, "Reading")
    while state.queue:
        files = state.queue[0]
        left = sum(_size(rest) for rest in state.queue)
        place = f"{count - len(state.queue) + 1} of {count}: " if count > 1 else ""
        bar.progress(1 - left / max(total, 1), plain(f"Reading {place}{_called(files)}"))
        read(state, files, {})
        state.queue = state.queue[1:]
    bar.empty()


def read(state: AppState, files: Mapping[str, bytes], answers: Mapping[str, Any]) -> None:
    """Read `files` with the user's `answers`; keep the scans, the question, or the complaint."""
    try:
        scans = reader().load(files, **answers)
    except Question as question:
        state.pending = (*state.pending, Pending(files, question, answers))
    except (ReadError, ReaderFault) as error:
        state.complaints = (*state.complaints, str(error))
    else:
        sessions.open_scans(state, scans)


def _take_over(state: AppState, key: str) -> None:
    """Take the files before the next run draws the uploader again and copies them."""
    files: list[UploadedFile] = st.session_state[key]
    if not files:
        return
    contents = {file.name: file.getvalue() for file in files}
    for file in files:
        release_upload(file)
    state.uploads += 1
    state.complaints, state.pending, state.fresh = (), (), 0
    state.queue = tuple(divide(contents))
    if not state.queue:
        state.complaints = ("there is nothing to read in the upload: no file that is a scan",)


def _complaints(complaints: tuple[str, ...]) -> None:
    """One complaint stands open; many are folded, so that they do not push the page away."""
    if len(complaints) == 1:
        st.error(plain(complaints[0]))
    elif complaints:
        with st.expander(f"{len(complaints)} files were not opened", icon=":material/error:"):
            for complaint in complaints:
                st.error(plain(complaint))


def _size(files: Mapping[str, bytes]) -> int:
    return sum(map(len, files.values()))


def _called(files: Mapping[str, bytes]) -> str:
    first = next(iter(files)).split("/")[-1]
    return first if len(files) == 1 else f"{first} and {len(files) - 1} more"
