"""The planes that a browser fetches: the bytes against the array, and who gets none."""

import gc
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import numpy as np
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from app import ROUTES
from prep_core.scan import Scan, voxel_affine
from prep_ui.planes import panes
from prep_ui.planes.tickets import Tickets, tickets
from prep_ui.session.state import AppState, Opened
from prep_ui.viewer import pack
from prep_ui.viewer.parts import PLANES_PATH, TICKET_HEADER
from tests.aside import run_aside
from tests.ui.dashboard import go, state
from tests.ui.test_viewer import image_of, unpack

MOVIE = Scan(np.arange(240, dtype=np.int16).reshape(2, 1, 4, 5, 6), "TCZYX", voxel_affine((2.0, 1.0, 1.0)))
FILM = Scan(np.arange(72, dtype=np.uint8).reshape(2, 3, 3, 4), "TCYX", channels=("R", "G", "B"))


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def get(ticket: str, method: str = "GET", **words: object) -> Answer:
    """What the route answers over ASGI."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": PLANES_PATH,
        "query_string": urlencode(words).encode(),
        "headers": [(TICKET_HEADER.lower().encode(), ticket.encode())],
    }
    run_aside(Starlette(routes=ROUTES)(scope, receive, send))
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, body["body"])


def held(scan: Scan) -> tuple[AppState, str]:
    """A session that holds `scan`, and its ticket."""
    session = AppState((Opened("scan", key="its key"),))
    return session, tickets().issue(session, "its key", scan)


def test_a_plane_is_what_the_page_would_send() -> None:
    session, ticket = held(MOVIE)
    answer = get(ticket, T=1, C=0, Z=3)
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "identity"
    assert answer.headers["cache-control"] == "no-store"
    header, blocks = unpack(answer.body)
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), MOVIE.data[1, 0, 3])
    page = panes.pane(MOVIE.take({"T": 1, "C": 0, "Z": 3}), "")
    assert answer.body == pack([page], pixel_aspect=1.0, height=1)
    assert sum(header["panes"][0]["histogram"]["counts"]) == 30
    assert session.opened


def test_colours_come_together_and_one_channel_by_itself() -> None:
    session, ticket = held(FILM)
    header, blocks = unpack(get(ticket, T=1).body)
    assert header["panes"][0]["colour"] is True
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), FILM.data[1])
    header, blocks = unpack(get(ticket, T=1, C=2).body)
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), FILM.data[1, 2])
    assert session.opened


@pytest.mark.parametrize(
    ("across", "index", "plane"),
    [("Z", 3, np.s_[3]), ("Y", 1, np.s_[:, 1]), ("X", 5, np.s_[:, :, 5])],
)
def test_a_cut_of_a_volume_of_unknown_place(across: str, index: int, plane: object) -> None:
    session, ticket = held(MOVIE)
    header, blocks = unpack(get(ticket, T=1, C=0, across=across, index=index).body)
    np.testing.assert_array_equal(image_of(header["panes"][0], blocks), MOVIE.data[1, 0][plane])
    assert header["panes"][0]["cut"]["across"] == across
    assert session.opened


@pytest.mark.parametrize(
    "words",
    [
        {"T": 1, "C": 0, "Z": 4},
        {"T": 2, "C": 0, "Z": 0},
        {"T": 1, "C": 0, "Z": -1},
        {"T": 1, "C": 0, "Z": "1e0"},
        {"T": 1, "C": 0, "Z": "٣"},
        {"T": 1, "C": 0, "Z": "9" * 5000},
        {"T": 1, "C": 0},
        {"C": 0, "Z": 1},
        {"T": 1, "C": 0, "Z": 1, "Y": 1},
        {"T": 1, "C": 0, "across": "Y", "index": 5},
        {"T": 1, "C": 0, "across": "T", "index": 0},
        {"T": 1, "C": 0, "across": "", "index": 0},
        {"T": 1, "C": 0, "Z": 1, "across": "Y", "index": 0},
        {"C": 0, "across": "Y", "index": 0},
        {},
    ],
)
def test_a_place_that_is_none_is_not_found(words: dict[str, object]) -> None:
    session, ticket = held(MOVIE)
    answer = get(ticket, **words)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert answer.body == get("no ticket", T=1, C=0, Z=1).body
    assert session.opened


def test_a_plain_picture_is_no_volume() -> None:
    scan = Scan(np.zeros((4, 5)), "YX")
    session, ticket = held(scan)
    assert get(ticket).status == 200
    assert get(ticket, across="Z", index=0).status == 404
    assert session.opened


def test_another_session_needs_a_ticket_of_its_own() -> None:
    one, ticket = held(MOVIE)
    other, its_ticket = held(MOVIE)
    assert ticket != its_ticket
    assert len(ticket) >= 43  # 32 bytes in letters
    one.opened = ()
    assert get(ticket, T=0, C=0, Z=0).status == 404
    assert get(its_ticket, T=0, C=0, Z=0).status == 200
    assert other.opened


def test_a_ticket_ends_with_its_session_and_with_its_scan() -> None:
    registry = Tickets()
    scan, session = replace(MOVIE), AppState((Opened("scan", key="k"),))
    word = registry.issue(session, "k", scan)
    assert registry.issue(session, "k", scan) == word
    assert registry.scan(word) is scan
    del session
    gc.collect()
    assert registry.scan(word) is None
    session = AppState((Opened("scan", key="k"),))
    word = registry.issue(session, "k", scan)
    del scan
    gc.collect()
    assert registry.scan(word) is None


def test_tickets_are_bounded_and_the_longest_unused_goes() -> None:
    registry = Tickets(most=2)
    session = AppState(tuple(Opened(name, key=name) for name in "abc"))
    words = [registry.issue(session, name, MOVIE) for name in "ab"]
    registry.issue(session, "a", MOVIE)
    registry.issue(session, "c", MOVIE)
    assert [registry.scan(word) is MOVIE for word in words] == [True, False]


def test_the_pages_hand_out_a_ticket_and_keep_it_out_of_the_address(app: AppTest) -> None:
    planes = shown_planes(app)
    assert get(planes["ticket"], Z=2).status == 200
    assert planes["ticket"] not in json.dumps(dict(app.query_params))
    go(app, "tune")
    assert shown_planes(app) == planes
    session = state(app)
    session.opened = session.opened[1:]
    assert get(planes["ticket"], Z=2).status == 404


def shown_planes(app: AppTest) -> dict[str, str]:
    component = next(found for found in app.get("bidi_component") if found.proto.id.endswith(".viewer"))
    header, _ = unpack(component.proto.bytes)
    found: dict[str, str] = header["planes"]
    return found
