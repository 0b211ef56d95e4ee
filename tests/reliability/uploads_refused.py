"""Uploads beyond the limit of the dashboard."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.reliability import processes
from tests.reliability.figure import Figure
from tests.reliability.held import Held, Watch, at_rest

MEGABYTE = 10**6
TOO_LARGE, LIMIT = 2 << 30, 1 << 30
"""Bytes of the upload, and of the largest that the shipped settings allow."""

EARLY = 64 * MEGABYTE
"""Bytes that may have left before a refusal arrives: the buffers of both ends."""

LONG = 120_000
"""Milliseconds on a busy machine."""

PIECE = bytes(1 << 20)
BOUNDARY = "prep"
CONTENT = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.npy"\r\n\r\n'.encode()


@dataclass(frozen=True)
class Refusal:
    """How much was sent, in how many seconds, what was answered, and what the server held."""

    sent: int
    seconds: float
    answer: str
    before: Held
    most: Held
    after: Held

    def __str__(self) -> str:
        grown, kept = (held.memory - self.before.memory for held in (self.most, self.after))
        return (
            f"{self.sent / MEGABYTE:.0f} MB sent in {self.seconds:.1f} s; memory {grown / MEGABYTE:+.0f} MB at its "
            f"peak and {kept / MEGABYTE:+.0f} MB afterwards; disk {self.most.on_disk / MEGABYTE:.0f} MB; "
            f"{self.answer!r}"
        )


def in_browser(page: Page, folder: Path) -> Figure:
    """Choose a file that is too large."""
    file = folder / "huge.npy"
    with file.open("wb") as stream:
        stream.truncate(TOO_LARGE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    begun = time.monotonic()
    page.locator("input[type=file]").first.set_input_files(file)
    shown = page.get_by_test_id("stFileUploader")
    expect(shown).to_contain_text("or smaller", timeout=LONG)
    seconds = time.monotonic() - begun
    # What is sent late would be sent by then.
    page.wait_for_timeout(2000)
    file.unlink()
    words = " ".join(shown.inner_text().partition(file.name)[2].partition("add")[0].split())
    told = f"after {seconds:.1f} s, {sent.count('PUT')} uploads begun: {words!r}"
    holds = "PUT" not in sent and "2.1GB" in words and "1.0GB" in words
    return Figure("2 GB chosen in the browser", "refused before it is sent, with its size and the limit", told, holds)


def by_program(page: Page, url: str, folder: Path) -> list[Figure]:
    """Send as much past the browser: in one piece as a browser does, and without saying how much it is."""
    place, head = passage(page, url, folder)
    server = processes.server().pid
    said = refusal(url, server, place, head, TOO_LARGE, says_size=True)
    unsaid = refusal(url, server, place, head, TOO_LARGE, says_size=False)
    allowed = f"{LIMIT:,} are allowed"
    early = said.sent <= EARLY and f"{TOO_LARGE:,} bytes, and {allowed}" in said.answer
    cut = unsaid.sent <= LIMIT + EARLY and allowed in unsaid.answer
    nothing_left = unsaid.after.memory < unsaid.before.memory + EARLY and unsaid.most.on_disk == 0
    return [
        Figure(
            "2 GB sent by a program that says so",
            f"refused within {EARLY / MEGABYTE:.0f} MB, with its size and the limit",
            str(said),
            early,
        ),
        Figure(
            "2 GB sent by a program that does not say how much it sends",
            "cut off at the limit, nothing on the disk, memory let go",
            str(unsaid),
            cut and nothing_left,
        ),
    ]


def passage(page: Page, url: str, folder: Path) -> tuple[str, Mapping[str, str]]:
    """Where the session of `page` uploads to, and what a program has to send with it to pass for that page."""
    small = folder / "small.npy"
    small.write_bytes(b"not much")
    with page.expect_request(lambda request: request.method == "PUT", timeout=LONG) as waiting:
        page.locator("input[type=file]").first.set_input_files(small)
    session = urlsplit(waiting.value.url).path.rpartition("/")[0]
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    return f"{session}/of-a-program", {
        "Cookie": cookies,
        "X-Xsrftoken": waiting.value.headers["x-xsrftoken"],
        "Origin": url,
    }


def refusal(url: str, server: int, place: str, head: Mapping[str, str], size: int, says_size: bool) -> Refusal:
    """Send `size` bytes until the server, a process at `url`, hangs up."""
    sent, before, begun = 0, at_rest(server), time.monotonic()
    with Watch(server) as watch, socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)) as line:
        line.sendall(_head(urlsplit(url).netloc, place, head, size if says_size else None))
        # The server hangs up while more is on its way; what it said before that can still be read.
        with suppress(ConnectionError):
            for piece in _pieces(size):
                line.sendall(piece if says_size else b"%x\r\n%s\r\n" % (len(piece), piece))
                sent += len(piece)
        seconds = time.monotonic() - begun
        answer = line.recv(1 << 16).decode().rpartition("\r\n\r\n")[2]
    return Refusal(sent, seconds, answer, before, watch.most, at_rest(server))


def _head(host: str, place: str, head: Mapping[str, str], size: int | None) -> bytes:
    """The head of a request (RFC 9112); in chunks where it does not say its size."""
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    own = [f"{name}: {value}" for name, value in head.items()]
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    return "\r\n".join((f"PUT {place} HTTP/1.1", f"Host: {host}", *own, kind, length, "", "")).encode()


def _pieces(size: int) -> Iterator[bytes]:
    """Not quite `size` bytes of a body that never ends."""
    yield CONTENT
    for _ in range(size // len(PIECE) - 1):
        yield PIECE
