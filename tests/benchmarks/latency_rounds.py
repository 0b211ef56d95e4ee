"""Rounds of measurements: an act of the hand, and the milliseconds until its answer is on the screen."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, WebSocket

from tests.e2e.conftest import settled

PROBE = (Path(__file__).parent / "browser_probe.js").read_text("utf-8")
PAUSE = 250
"""Milliseconds of rest before each round, so that one round's work is over when the next begins."""

WARM_UP = 2
PATIENCE = 120_000
MOVES = 24
"""Of the mouse in one drag."""


def repeated(page: Page, rounds: int, measure: Callable[[int], float]) -> tuple[float, ...]:
    """`rounds` values of `measure`, after some that do not count."""
    values = []
    for i in range(WARM_UP + rounds):
        settled(page)
        page.wait_for_timeout(PAUSE)
        values.append(measure(i))
    return tuple(values[WARM_UP:])


def until(
    page: Page,
    event: str,
    act: Callable[[], object],
    changes: Sequence[str],
    shows: Sequence[str] = (),
    steady: bool = False,
) -> float:
    """From the first `event` that `act` makes to the frame after the answer.

    Parameters
    ----------
    changes : the facts of browser_probe.js that must be others than before
    shows : selectors of what must be there, also within components
    steady : whether the script must have come to its end
    """
    page.evaluate(
        "wanted => probe.arm(wanted)",
        {"event": event, "changes": list(changes), "shows": list(shows), "steady": steady},
    )
    act()
    page.wait_for_function("() => probe.elapsed() !== null", timeout=PATIENCE)
    return float(page.evaluate("() => probe.elapsed()"))


def slider(page: Page, selector: str, rounds: int, changes: Sequence[str]) -> tuple[float, ...]:
    """A slider moved by keys, one step there and one back."""

    def measure(i: int) -> float:
        page.locator(selector).first.focus()
        key = "ArrowLeft" if i % 2 else "ArrowRight"
        return until(page, "keydown", lambda: page.keyboard.press(key), changes)

    return repeated(page, rounds, measure)


@dataclass(frozen=True)
class Drag:
    """One drag: the time of a frame and of the drawing in it, in milliseconds; frames painted, messages sent."""

    frame: float
    work: float
    painted: int
    sent: int


def drags(page: Page, traffic: Sequence[str], rounds: int) -> list[Drag]:
    """Drag the window on the last picture, to and fro."""
    found: list[Drag] = []

    def measure(i: int) -> float:
        found.append(_drag(page, traffic, -1 if i % 2 else 1))
        return found[-1].frame

    repeated(page, rounds, measure)
    return found[WARM_UP:]


def _drag(page: Page, traffic: Sequence[str], way: int) -> Drag:
    box = page.locator("canvas.picture").last.bounding_box()
    if box is None:
        raise RuntimeError("there is no picture to drag on")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = len(traffic)
    page.evaluate("() => probe.record()")
    page.mouse.move(x + 3 * way * MOVES, y + way * MOVES, steps=MOVES)
    frames = page.evaluate("() => probe.recorded()")
    sent = len(traffic) - before
    page.mouse.up()
    return _of_frames(frames, sent)


def _of_frames(frames: Sequence[dict[str, Any]], sent: int) -> Drag:
    """The work of a frame delays the next one, so a painted frame lasts until that."""
    pairs = [(one, after) for one, after in pairwise(frames) if one["painted"]]
    if not pairs:
        raise RuntimeError(f"the drag painted nothing in {len(frames)} frames")
    lasted = statistics.median(after["at"] - one["at"] for one, after in pairs)
    work = statistics.median(one["work"] for one, _ in pairs)
    return Drag(lasted, work, len(pairs), sent)


def listen(page: Page, sent: list[str]) -> None:
    """Let `sent` fill with what `page` sends from now on: requests, and messages over websockets."""

    def note(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(f"message of {len(frame)}"))

    page.on("websocket", note)
    page.on("request", lambda request: sent.append(request.url))
