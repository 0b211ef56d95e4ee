"""What leans on the insides of Streamlit and Python: an upgrade that breaks it must show here."""

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec
from streamlit.testing.v1 import AppTest

from prep_ui.work.runtime import release_upload, take_uploads


def page_with_upload() -> None:
    """Reads what is uploaded and releases it; says how many files Streamlit holds before and after."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from prep_ui.work.runtime import release_upload

    key = f"upload.{'seen' in st.session_state}"

    def ingest() -> None:
        file = st.session_state[key]
        context = get_script_run_ctx()
        assert context is not None
        ours = (context.session_id, [file.file_id])
        before = context.uploaded_file_mgr.get_files(*ours)
        release_upload(file)
        after = context.uploaded_file_mgr.get_files(*ours)
        st.session_state["seen"] = (file.getvalue(), len(before), len(after))

    st.file_uploader("scan", key=key, on_change=ingest)


def test_a_released_upload_is_gone() -> None:
    at = AppTest.from_function(page_with_upload).run()
    at.file_uploader(key="upload.False").upload("scan.npy", b"12345").run()
    assert not at.exception
    assert at.session_state["seen"] == (b"12345", 1, 0)
    assert at.file_uploader(key="upload.True").value is None


def test_release_outside_a_page_is_refused() -> None:
    file = UploadedFile(UploadedFileRec("1", "scan.npy", "", b"12345"), FileURLs())
    with pytest.raises(RuntimeError, match="only in a running page"):
        release_upload(file)


def test_an_uploader_that_the_page_shows_no_more_gives_nothing() -> None:
    assert take_uploads("inspect.upload.0", present="inspect.upload.1") == {}
