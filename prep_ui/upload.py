"""Scans from the user's machine: read at once, Streamlit's copies released, and asked about where a file is silent."""

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from prep_core.io import AxesNeeded, ReadError, load
from prep_ui import state as sessions
from prep_ui.runtime import release_upload
from prep_ui.state import AppState, Pending
from prep_ui.text import plain


def uploader(state: AppState) -> None:
    """Draw the uploaders, what went wrong, and the question that is open."""
    whole = st.toggle(
        "A folder",
        key="inspect.folder",
        help="Upload a whole folder, such as a DICOM series.",
        persist_state="session",
    )
    key = f"inspect.upload.{state.uploads}"
    st.file_uploader(
        "Upload a scan",
        accept_multiple_files="directory" if whole else True,
        key=key,
        on_change=_ingest,
        args=(state, key),
        help="DICOM (files or a .zip), NIfTI, NRRD, MHA, TIFF, PNG, JPEG, npy, npz. Nothing is stored.",
    )
    for complaint in state.complaints:
        st.error(plain(complaint))
    if state.pending:
        _ask(state, state.pending)


def _ingest(state: AppState, key: str) -> None:
    """Read what was uploaded, before the next run draws the uploader again and copies it."""
    files: list[UploadedFile] = st.session_state[key]
    if not files:
        return
    contents = {file.name: file.getvalue() for file in files}
    for file in files:
        release_upload(file)
    state.uploads += 1
    _open(state, contents, None)


def _open(state: AppState, files: Mapping[str, bytes], axes: str | None) -> None:
    try:
        sessions.open_scans(state, load(files, axes=axes))
    except AxesNeeded as question:
        state.pending, state.complaints = Pending(files, question), ()
    except ReadError as error:
        state.pending, state.complaints = None, (str(error),)


def _ask(state: AppState, pending: Pending) -> None:
    shape = " x ".join(map(str, pending.question.shape))
    st.info(f"The file does not say what its axes are: {plain(shape)} of {plain(pending.question.dtype)}.")
    axes = st.selectbox(
        "Axes, in the order of the array",
        pending.question.choices,
        key="inspect.axes",
        help="T time, C channel, Z slice, Y row, X column.",
    )
    st.button("Open it so", key="inspect.open", type="primary", on_click=_open, args=(state, pending.files, axes))
