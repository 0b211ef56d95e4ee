"""Scans from the user's machine: taken over at once, and Streamlit's copies released."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from prep_core.io import Content, divide
from prep_ui.opening import questions
from prep_ui.session.app_state import AppState, ToRead
from prep_ui.text import plain
from prep_ui.work.runtime import take_files

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
        questions.ask(state, state.pending[0], len(state.pending), _read_on)


def _read_on(state: AppState, files: Mapping[str, Content], answers: Mapping[str, Any]) -> None:
    """Read `files` once more, with the user's `answers`."""
    state.queue = (*state.queue, ToRead(files, answers))


def _take_over(state: AppState, key: str) -> None:
    """Take the files before the next run draws the uploader again and copies them."""
    contents = take_files(key, f"inspect.upload.{state.uploads}")
    if not contents:
        return
    state.uploads += 1
    state.complaints, state.pending, state.fresh = (), (), 0
    parts = tuple(ToRead(files) for files in divide(contents))
    state.queue = (*state.queue, *parts)
    if not parts:
        state.complaints = ("there is nothing to read in the upload: no file that is a scan",)


def _complaints(complaints: tuple[str, ...]) -> None:
    """One complaint stands open; many are folded, so that they do not push the page away."""
    if len(complaints) == 1:
        st.error(plain(complaints[0]))
    elif complaints:
        with st.expander(f"{len(complaints)} files were not opened", icon=":material/error:"):
            for complaint in complaints:
                st.error(plain(complaint))
