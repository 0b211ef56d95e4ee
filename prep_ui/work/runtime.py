"""What the dashboard asks of Python and Streamlit besides drawing."""

import time
from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from prep_core.io import Content, Segment
from prep_ui.opening.arrivals import arrivals

AHEAD, LOOKS = 0.1, 5
"""Seconds by which what answers the hand goes ahead of the rest of a page, and how often a newer hand is looked for."""


def send_ahead(key: str, answer: str) -> None:
    """Let the browser draw what was sent so far before it gets more, where `answer` is another one than last time.

    It takes together what arrives together, and shows nothing before it has worked through all of it: on a page of
    eighty elements that is longer than to compute the answer.
    """
    before = st.session_state.get(key)
    st.session_state[key] = answer
    if before in (None, answer) or not runtime.exists():
        return
    for _ in range(LOOKS):
        time.sleep(AHEAD / LOOKS)
        # Here Streamlit ends this run, if the hand has gone on meanwhile.
        st.session_state[key] = answer


def session_alive() -> Callable[[], bool]:
    """A function for other threads: whether the running session still has a browser that shows it."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return lambda: True
    server, session = runtime.get_instance(), context.session_id
    return lambda: server.is_active_session(session)


def take_uploads(key: str, present: str) -> dict[str, bytes]:
    """As `take_files`, all of it as bytes."""
    files = take_files(key, present)
    return {name: bytes(data.view) if isinstance(data, Segment) else data for name, data in files.items()}


def take_files(key: str, present: str) -> dict[str, Content]:
    """What was put into the uploader `key`, name to content, without Streamlit's own copies; see `release_upload`.

    Nothing where `present` is another one: until it has drawn the new uploader, the browser sends the old one again,
    whose files are gone.
    """
    if key != present:
        return {}
    held: UploadedFile | list[UploadedFile] | None = st.session_state[key]
    files = held if isinstance(held, list) else [held] if held else []
    contents: dict[str, Content] = {}
    for file in files:
        content = file.getvalue()
        contents[file.name] = arrivals().take(content) or content
        release_upload(file)
    return contents


def sweep_uploads() -> None:
    """Let go of large uploads that nobody took: their session ended, or they were removed from the uploader."""
    context = get_script_run_ctx()
    if context is not None:
        manager = context.uploaded_file_mgr
        arrivals().sweep(lambda session, file: bool(manager.get_files(session, [file])))


def release_upload(file: UploadedFile) -> None:
    """Free Streamlit's own copy of an uploaded file, which it would keep until the session ends.

    Call it once the file is read, and give the uploader a new key: the old one shows a file that is gone.
    Streamlit has no public way to do this, so a test keeps watch over the private one.

    Raises
    ------
    RuntimeError
        Outside a running page, or where the server keeps its uploads in another way.
    """
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("release_upload works only in a running page")
    manager = context.uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        raise RuntimeError(f"release_upload knows only uploads kept in memory, got {type(manager).__name__}")
    manager.remove_file(context.session_id, file.file_id)
