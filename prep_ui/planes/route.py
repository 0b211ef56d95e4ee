"""The planes that a browser fetches by itself: GET /prep-api/plane?T=0&Z=22, or with across=Y&index=120 a cut.

A request carries the ticket of a scan.  The answer holds one picture in the layout of `viewer_payload`.  There is one
answer to every request that has none: it tells a stranger nothing.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from prep_core.scan import Scan
from prep_ui.planes import panes
from prep_ui.planes.tickets import tickets
from prep_ui.viewer import Pane, pack
from prep_ui.viewer.parts import TICKET_HEADER
from prep_ui.viewer.three_planes import cuts, sizes

MOST_DIGITS = 9
HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
"""Pixels of a patient stay in no cache; and packing them would take longer than sending them within a computer."""

NOTHING = "plane: no scan of this session has one there; reload the page"


def plane(request: Request) -> Response:
    """Answer with the plane that is asked for, or with 404."""
    scan = tickets().scan(request.headers.get(TICKET_HEADER, ""))
    pane = asked_for(scan, request.query_params) if scan else None
    if pane is None:
        return Response(NOTHING, 404, {"Cache-Control": "no-store"}, "text/plain")
    content = pack([pane], pixel_aspect=1.0, height=1)
    return Response(content, headers=dict(HEADERS), media_type="application/octet-stream")


def asked_for(scan: Scan, words: Mapping[str, str]) -> Pane | None:
    """The plane of `scan` that the address asks for; None where it has no such plane."""
    numbers = {name: _number(word) for name, word in words.items() if name != "across"}
    if not all(name in ("T", "C", "Z", "index") and number is not None for name, number in numbers.items()):
        return None
    at = {name: number for name, number in numbers.items() if number is not None}
    index = at.pop("index", 0)
    if not all(i < scan.size(axis) for axis, i in at.items()):
        return None
    across = words.get("across")
    if across is None:
        return _of_the_stack(scan, at)
    volume = "Z" in scan.axes and "Z" not in at and index < sizes(scan).get(across, 0)
    return _of_the_volume(scan, at, across, index) if volume and _is_one(scan, at) else None


def _of_the_stack(scan: Scan, at: Mapping[str, int]) -> Pane | None:
    return panes.stored(scan, at, "") if _is_one(scan, at) and ("Z" in at or scan.size("Z") == 1) else None


def _of_the_volume(scan: Scan, at: Mapping[str, int], across: str, index: int) -> Pane:
    cut = next(cut for cut in cuts(scan) if cut.across == across)
    return panes.cut_pane(scan.take(at), cut, index, (0.0, 1.0))


def _is_one(scan: Scan, at: Mapping[str, int]) -> bool:
    """Whether one frame and one channel are left, or the three channels of a colour."""
    left = [axis for axis in "TC" if axis not in at and scan.size(axis) > 1]
    return not left or (left == ["C"] and panes.is_colour(scan))


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and word.isascii() and len(word) <= MOST_DIGITS else None
