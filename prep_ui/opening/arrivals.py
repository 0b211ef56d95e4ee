"""Large uploads on their way in: each goes from the network into a segment, and Streamlit gets a word in its place.

Streamlit would write an upload to the disk, read it back, and hold it as bytes, which then have to be copied for the
process that decodes them.  All that it checks about an upload it still checks, before a byte is taken.
"""

import hashlib
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Self

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prep_core.io.segment import IS_THERE, SHARED_FROM, Draft, Segment

ADDRESS = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
MEGABYTE = 2**20
LONGEST_HEAD = 2**16
END_OF_HEAD = b"\r\n\r\n"
MOST_WAITING = 64
"""Pieces of an upload, of 64 KiB each, that wait to be written."""

GOODBYE: Mapping[str, str] = {"Connection": "close"}
"""On every refusal: without it the server reads the rest of the upload, however long, only to drop it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as Streamlit calls it."""

    session: str
    file: str


class Arrivals:
    """Segments by words that cannot be guessed, each until somebody takes it or Streamlit has dropped its upload."""

    def __init__(self) -> None:
        self._segments: dict[bytes, tuple[Upload, Segment]] = {}
        self._told: set[Upload] = set()
        self._lock = Lock()

    def put(self, upload: Upload, segment: Segment) -> bytes:
        """Keep `segment` and return its word."""
        word = secrets.token_hex(32).encode()
        with self._lock:
            self._segments[word] = upload, segment
        return word

    def take(self, content: bytes) -> Segment | None:
        """The segment whose word `content` is; None for any other content."""
        with self._lock:
            if content not in self._segments:
                return None
            upload, segment = self._segments.pop(content)
            self._told.discard(upload)
        return segment

    def tell(self, upload: Upload) -> None:
        """Streamlit has the word of `upload` now: from here on it lives as long as that."""
        with self._lock:
            self._told.add(upload)

    def drop(self, upload: Upload) -> None:
        """Let go of what nobody will take."""
        with self._lock:
            self._told.discard(upload)
            self._segments = {word: held for word, held in self._segments.items() if held[0] != upload}

    def sweep(self, is_there: Callable[[str, str], bool]) -> None:
        """Let go of uploads that Streamlit does not hold any more, by session and file."""
        with self._lock:
            told = tuple(self._told)
        for upload in told:
            if not is_there(upload.session, upload.file):
                self.drop(upload)

    def __len__(self) -> int:
        return len(self._segments)


@st.cache_resource(show_spinner=False)
def arrivals() -> Arrivals:
    return Arrivals()


class LargeUploads:
    """Takes the content out of large uploads; everything else passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = ADDRESS.search(scope["path"]) if scope["type"] == "http" else None
        if not place:
            await self.app(scope, receive, send)
            return
        upload = Upload(*place.groups())
        if scope["method"] == "DELETE":
            arrivals().drop(upload)
        length = _length(scope) if scope["method"] == "PUT" else 0
        # A browser that is gone is no fault of the server, and hears no answer.
        with suppress(ClientDisconnect):
            if length > _most():
                await PlainTextResponse(_too_large(f"{length:,} bytes"), 413, GOODBYE)(scope, receive, send)
            elif length >= SHARED_FROM and IS_THERE:
                await self._take(scope, receive, send, upload)
            else:
                await self.app(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send, upload: Upload) -> None:
        is_held = False

        async def shorter() -> Message:
            return await _with_word(receive, upload)

        async def watched(message: Message) -> None:
            nonlocal is_held
            if message["type"] == "http.response.start":
                is_held = message["status"] < 300
                if is_held:
                    arrivals().tell(upload)
                else:
                    MutableHeaders(scope=message).update(GOODBYE)
            await send(message)

        try:
            await self.app(scope, shorter, watched)
        finally:
            if not is_held:
                arrivals().drop(upload)


def _length(scope: Scope) -> int:
    """Bytes of what is sent; where that is not said, as much as is allowed."""
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        return _most()
    word = headers.get("content-length", "")
    return int(word) if word.isdecimal() and word.isascii() else 0


def _most() -> int:
    """Bytes that an upload may have."""
    return int(st.get_option("server.maxUploadSize")) * MEGABYTE


def _too_large(found: str) -> str:
    return (
        f"the upload has {found}, and {_most():,} are allowed (server.maxUploadSize = {_most() // MEGABYTE} MB); "
        "upload less, or ask whoever runs this dashboard to raise the limit"
    )


async def _with_word(receive: Receive, upload: Upload) -> Message:
    """The whole body as one short message: the content of its one part lies in a segment, and a word stands for it.

    Raises
    ------
    HTTPException
        Above `server.maxUploadSize`, and for a body that is not one part.
    """
    most = _most() + LONGEST_HEAD
    head, rest, more = b"", b"", True
    with Draft() as draft, Keeping(draft) as kept:
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return message
            more, data = message.get("more_body", False), message.get("body", b"")
            if END_OF_HEAD not in head:
                head, data = _head(head + data)
            # What may be the end of the body is held back until it is known.
            data, rest = _parted(rest + data, len(_end(head)) + 2)
            kept.add(data)
            if kept.size > most:
                raise HTTPException(413, _too_large(f"more than {most:,} bytes"))
        data, found, _ = rest.rpartition(_end(head))
        if not found:
            raise HTTPException(400, "the upload has no end; upload it again")
        kept.add(data)
        digest = kept.digest()
        word = arrivals().put(upload, Segment(draft.sealed(), digest))
    return {"type": "http.request", "body": head + word + _end(head) + b"\r\n", "more_body": False}


class Keeping:
    """Writes and hashes what comes in a thread of its own, while more is on its way; at most a few pieces wait."""

    def __init__(self, draft: Draft) -> None:
        self.size = 0
        self._draft = draft
        self._hash = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, "prep-upload")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, data: bytes) -> None:
        """Take one more piece; complain of what went wrong with one before it."""
        self.size += len(data)
        self._waiting.append(self._thread.submit(self._keep, data))
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popleft().result()

    def digest(self) -> str:
        """SHA-256 of all pieces, once they are written."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._hash.hexdigest()

    def _keep(self, data: bytes) -> None:
        self._draft.append(data)
        self._hash.update(data)


def _parted(data: bytes, last: int) -> tuple[bytes, bytes]:
    """All but the last bytes, and those."""
    at = max(0, len(data) - last)
    return data[:at], data[at:]


def _head(data: bytes) -> tuple[bytes, bytes]:
    """The lines before the content, with the empty one that ends them, and what comes behind."""
    before, end, behind = data.partition(END_OF_HEAD)
    if len(before) > LONGEST_HEAD:
        raise HTTPException(400, "the upload has no head; upload it again")
    return before + end, behind


def _end(head: bytes) -> bytes:
    """What comes behind the content (RFC 2046, section 5.1.1): the first line of `head` once more, and two hyphens."""
    return b"\r\n" + head.partition(b"\r\n")[0] + b"--"
