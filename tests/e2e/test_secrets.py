"""What one session holds never reaches another one, also where both open the same content and the same sample."""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import numpy as np
import pytest
import tifffile
from playwright.sync_api import Browser, Page, Response, WebSocket, expect

from prep_core import Recipe
from prep_ui.session import link
from prep_ui.viewer.parts import PLANES_PATH, TICKET_HEADER
from tests.e2e.conftest import check_no_exception, go, settled, watch
from tests.io.dicom.slices import as_bytes, dataset

TAG, NAME, RECIPE, CENTER = "zq7tagtext", "zq7filename", "zq7recipename", 311.625
SECRET = np.random.default_rng(7).integers(-900, 900, (48, 48)).astype(np.int16)
SHARED = np.random.default_rng(1).integers(0, 900, (3, 40, 40)).astype(np.uint16)
SAMPLE = "ct_chest"


@dataclass
class Session:
    """A page in a browser of its own, and all that the server sent to it."""

    page: Page
    frames: list[bytes] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def received(self) -> bytes:
        """Messages, and answers but for those with the program itself."""
        bodies = (answer.body() for answer in self.answers if "/static/" not in answer.url and answer.ok)
        return b"\n".join((*self.frames, *bodies))

    def tickets(self) -> set[str]:
        """The tickets with which the browser fetched planes."""
        headers = (answer.request.all_headers() for answer in self.answers if PLANES_PATH in answer.url)
        return {found[TICKET_HEADER.lower()] for found in headers}


@pytest.fixture
def sessions(browser: Browser, server: str, browser_context_args: Mapping[str, object]) -> Iterator[list[Session]]:
    """Two, in browsers that know nothing of each other."""
    contexts = [browser.new_context(**{**browser_context_args, "base_url": server}) for _ in range(2)]
    both = [Session(context.new_page()) for context in contexts]
    faults = [watch(session.page) for session in both]
    for session in both:
        listen(session)
    yield both
    for session in both:
        check_no_exception(session.page)
    assert faults == [[], []]
    for context in contexts:
        context.close()


def listen(session: Session) -> None:
    def note(payload: bytes | str) -> None:
        session.frames.append(payload.encode() if isinstance(payload, str) else payload)

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    session.page.on("websocket", follow)
    session.page.on("response", lambda answer: session.answers.append(answer))


def test_a_secret_of_one_session_is_in_nothing_that_another_one_gets(sessions: list[Session]) -> None:
    owner, other = sessions
    tagged = as_bytes(dataset(SECRET, SeriesDescription=TAG, Rows=48, Columns=48))
    work(owner.page, RECIPE, CENTER, [(f"{NAME}.dcm", tagged), (f"{NAME}.tif", stack(SHARED))])
    work(other.page, "mine", 40.0, [("mine.dcm", as_bytes(dataset(SECRET // 2))), ("mine.tif", stack(SHARED))])
    texts = [text.encode() for text in (NAME, RECIPE, str(CENTER))]
    secrets = [*texts, struct.pack("<d", CENTER), SECRET[20].tobytes()]
    in_own, in_others = owner.received(), other.received()
    assert [secret in in_own for secret in secrets] == [True] * len(secrets), "what is searched for can be found"
    assert [secret for secret in secrets if secret in in_others] == []
    assert TAG.encode() not in in_own + in_others, "free text of a file is shown to nobody"
    # Both were served the same content.
    assert SHARED[1, 20].tobytes() in in_own
    assert SHARED[1, 20].tobytes() in in_others
    assert owner.tickets()
    assert owner.tickets() & other.tickets() == set()


def work(page: Page, name: str, center: float, uploads: list[tuple[str, bytes]]) -> None:
    """Open a sample with a recipe, then each upload, and look at all of it."""
    recipe = Recipe.from_yaml(f"prep: 1\nname: {name}\nsteps:\n- {{step: window, center: {center}, width: 400}}\n")
    page.goto(f"/?{urlencode(link.write(SAMPLE, recipe, {}, 1))}")
    settled(page)
    for count, (file, content) in enumerate(uploads, start=1):
        given = {"name": file, "mimeType": "application/octet-stream", "buffer": content}
        page.locator("input[type=file]").first.set_input_files(given)
        expect(page.locator(f".st-key-inspect-upload-{count}")).to_be_visible(timeout=60_000)
        settled(page)
        for title in ("Header", "Recipe", "Tune"):
            go(page, title)
        page.locator("canvas.picture").first.focus()
        page.keyboard.press("ArrowRight")
        settled(page)
        go(page, "Inspect")


def stack(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, array, metadata={"axes": "ZYX"}, photometric="minisblack")
    return stream.getvalue()
