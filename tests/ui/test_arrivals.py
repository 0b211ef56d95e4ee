"""Large uploads on their way in: the content goes into a segment, a word to Streamlit, and nothing stays by mistake."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from prep_core.io import SHARED_FROM, Segment
from prep_ui.opening import arrivals as arrivals_module
from prep_ui.opening.arrivals import Arrivals, LargeUploads, Upload
from prep_ui.work import runtime
from tests.aside import run_aside
from tests.io.test_segment import kept

BOUNDARY = "----WebKitFormBoundaryAbc"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a b.npy"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()
ODD = b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n\r\n" + END[:-9] + bytes(range(256))
"""Content that looks like ends and heads, and is neither."""

CONTENT = ODD * (SHARED_FROM // len(ODD) + 1)
BODY = HEAD + CONTENT + END
UPLOAD = Upload("session-1", "file-1")
PLACE = "/_stcore/upload_file/session-1/file-1"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Arrivals:
    own = Arrivals()
    monkeypatch.setattr(arrivals_module, "arrivals", lambda: own)
    monkeypatch.setattr(runtime, "arrivals", lambda: own)
    return own


class Streamlit:
    """What stands behind: it takes the one file of a form, as Streamlit does, or refuses it."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.name, self.data = "", b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "PUT" and self.status < 300:
            async with Request(scope, receive).form() as form:
                (file,) = form.values()
                assert not isinstance(file, str)
                self.name, self.data = str(file.filename), await file.read()
        await Response(status_code=self.status)(scope, receive, send)


def put(app: Any, pieces: Sequence[bytes], method: str = "PUT", lost: bool = False, endless: bool = False) -> int:
    """Send a body in `pieces`; the status of the answer.

    A `lost` browser is gone before the end; an `endless` one does not say how much it sends.
    """
    return int(answers(app, pieces, method, lost, endless)[0]["status"])


def answers(app: Any, pieces: Sequence[bytes], method: str, lost: bool, endless: bool) -> list[Message]:
    body = [{"type": "http.request", "body": p, "more_body": lost or i < len(pieces)} for i, p in enumerate(pieces, 1)]
    left: Iterator[Message] = iter([*body, {"type": "http.disconnect"}])
    found: list[Message] = []

    async def receive() -> Message:
        return next(left)

    async def send(message: Message) -> None:
        found.append(message)

    length = {"transfer-encoding": "chunked"} if endless else {"content-length": str(sum(map(len, pieces)))}
    words = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", **length}
    headers = [(name.encode(), word.encode()) for name, word in words.items()]
    taken = LargeUploads(app)({"type": "http", "method": method, "path": PLACE, "headers": headers}, receive, send)
    run_aside(taken)
    return found


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    """`body` in pieces that end at these places."""
    edges = sorted({0, len(body), *(place % len(body) for place in places)})
    return [body[start:stop] for start, stop in pairwise(edges)]


@pytest.mark.parametrize("places", [(), range(0, 300, 7), range(-300, 0, 7), range(0, len(BODY), 65_536)], ids=str)
def test_streamlit_gets_a_word_and_the_word_opens_the_content(held: Arrivals, places: Sequence[int]) -> None:
    behind = Streamlit()
    assert put(behind, cut(BODY, places)) == 204
    assert (behind.name, len(behind.data)) == ("a b.npy", 64)
    segment = held.take(behind.data)
    assert segment is not None
    assert bytes(segment.view) == CONTENT
    assert segment.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert held.take(behind.data) is None
    assert len(held) == 0


def test_small_uploads_pass_as_they_are(held: Arrivals) -> None:
    behind = Streamlit()
    assert put(behind, [HEAD + ODD + END]) == 204
    assert (behind.data, len(held)) == (ODD, 0)


def test_a_content_that_is_no_word_opens_nothing(held: Arrivals) -> None:
    put(Streamlit(), [BODY])
    assert held.take(b"0" * 64) is None
    assert len(held) == 1


def test_what_streamlit_refuses_is_not_taken_from_the_network(held: Arrivals) -> None:
    behind = Streamlit(403)
    (start, _) = answers(behind, [BODY], "PUT", lost=False, endless=False)
    assert start["status"] == 403
    # Or the server would read all that comes.
    assert (b"connection", b"close") in start["headers"]
    assert (behind.data, len(held)) == (b"", 0)


def test_what_says_that_it_is_too_large_is_refused_before_it_comes(
    held: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", lambda _: 5)
    behind = Streamlit()
    (start, body) = answers(behind, [BODY], "PUT", lost=False, endless=False)
    assert start["status"] == 413
    assert (b"connection", b"close") in start["headers"]
    assert body["body"].decode() == (
        f"the upload has {len(BODY):,} bytes, and 5,242,880 are allowed (server.maxUploadSize = 5 MB); upload less, "
        "or ask whoever runs this dashboard to raise the limit"
    )
    assert (behind.name, len(held)) == ("", 0)


def test_what_does_not_say_how_large_it_is_goes_to_a_segment_too(held: Arrivals) -> None:
    behind = Streamlit()
    assert put(behind, cut(BODY, range(0, len(BODY), 65_536)), endless=True) == 204
    segment = held.take(behind.data)
    assert segment is not None
    assert bytes(segment.view) == CONTENT


@pytest.mark.parametrize(
    ("pieces", "most", "status", "words"),
    [
        ([HEAD + CONTENT], 10, 400, "no end"),
        ([HEAD[:-4] + bytes(SHARED_FROM)], 10, 400, "no head"),
        ([HEAD + CONTENT, CONTENT + END], 9, 413, "has more than 9,502,720 bytes, and 9,437,184 are allowed"),
    ],
    ids=["no end", "no head", "too large"],
)
def test_what_is_no_upload_or_too_large_is_refused_and_gone(
    held: Arrivals, pieces: list[bytes], most: int, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "get_option", lambda _: most)
    before = kept()
    with pytest.raises(HTTPException, match=words) as refused:
        put(Streamlit(), pieces, endless=True)
    assert refused.value.status_code == status
    assert (len(held), kept()) == (0, before)


@pytest.mark.parametrize("content", [CONTENT, ODD], ids=["large", "small"])
def test_a_browser_that_leaves_in_the_middle_leaves_nothing(held: Arrivals, content: bytes) -> None:
    before = kept()
    # Nor is it raised, which the server would log as a fault.
    assert answers(Streamlit(), [HEAD + content], "PUT", lost=True, endless=False) == []
    assert (len(held), kept()) == (0, before)


def test_what_is_removed_from_the_uploader_is_gone(held: Arrivals) -> None:
    put(Streamlit(), [BODY])
    put(Streamlit(), [b""], method="DELETE")
    assert len(held) == 0


def test_what_streamlit_dropped_is_swept_and_what_is_on_its_way_is_not(held: Arrivals) -> None:
    held.put(Upload("session-1", "on its way"), Segment.of([b"1"]))
    put(Streamlit(), [BODY])
    held.sweep(lambda session, file: (session, file) == ("session-1", "file-1"))
    assert len(held) == 2
    held.sweep(lambda session, file: False)
    assert len(held) == 1


def page_that_takes() -> None:
    """Takes an upload, once as content and once as bytes."""
    import streamlit as st

    from prep_core.io import Segment
    from prep_ui.work.runtime import sweep_uploads, take_files, take_uploads

    def take(key: str) -> None:
        found = (take_files if key == "files" else take_uploads)(key, key)
        st.session_state["seen"] = {
            name: ("segment", bytes(data.view)) if isinstance(data, Segment) else ("bytes", data)
            for name, data in found.items()
        }

    for key in ("files", "bytes"):
        st.file_uploader("scan", key=key, on_change=take, args=(key,))
    sweep_uploads()


def test_pages_take_the_content_in_place_of_the_word(held: Arrivals) -> None:
    app = AppTest.from_function(page_that_takes).run()
    app.file_uploader(key="files").upload("a.npy", held.put(UPLOAD, Segment.of([ODD]))).run()
    assert app.session_state["seen"] == {"a.npy": ("segment", ODD)}
    app.file_uploader(key="bytes").upload("r.zip", held.put(UPLOAD, Segment.of([ODD]))).run()
    assert app.session_state["seen"] == {"r.zip": ("bytes", ODD)}
    held.put(UPLOAD, Segment.of([ODD]))
    held.tell(UPLOAD)
    app.run()
    assert not app.exception
    assert len(held) == 0
