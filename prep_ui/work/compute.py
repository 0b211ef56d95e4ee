"""Runs the recipe for the screen: one plane, with the numbers of the whole scan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.inspection import Summary, inspect, magnitude_of, percentiles
from prep_core.line import Line, digest
from prep_core.run import Done, StepError
from prep_core.scan import Scan
from prep_ui.session import state as sessions
from prep_ui.session.state import AppState
from prep_ui.tune.timing import Timed
from prep_ui.work import running
from prep_ui.work.job import Stage, Tell
from prep_ui.work.plane_run import Known, OnPlane, cut, nearest, on_plane, prepared, whole_so_far
from prep_ui.work.running import Unfinished

__all__ = [
    "Shown",
    "grey_range",
    "is_large",
    "is_measured",
    "measured",
    "pixels",
    "place",
    "plane_of",
    "run_plane",
    "stored_greys",
    "summary",
]

LARGE = 2**25
"""Voxels that cannot be measured in a moment: the first picture does not wait for their numbers."""


@dataclass(frozen=True)
class Shown:
    """A plane before the first line and after each line, up to the one that has no answer.

    The first `whole` lines ran on the whole scan; `seconds` says how long each line took where it was carried out.
    `waiting` is the work that the other lines wait for, to be drawn by `running.draw`.
    """

    before: Scan
    done: tuple[Done, ...]
    error: StepError | None = None
    whole: int = 0
    seconds: tuple[float, ...] = field(default=(), compare=False)
    waiting: Unfinished | None = field(default=None, compare=False)


def run_plane(state: AppState, scan: Scan) -> Shown:
    """Carry out the switched-on lines on the plane that the session looks at."""
    lines = sessions.recipe(state).lines
    return plane_of(sessions.identity(state), scan, lines, place(state, scan), state.known, "tune")


def plane_of(
    identity: str, scan: Scan, lines: Sequence[Line], at: dict[str, int], known: Known, role: str = "plane"
) -> Shown:
    """Carry out `lines` on one plane of the scan called `identity`.

    Parameters
    ----------
    known : dict
        What was measured on this scan before.
    role : str
        What the result is for: the next lines for the same role take the place of these, if they still run.
    """
    before, key = scan.take(at), f"{identity} {digest(lines)}"
    place = " ".join(f"{axis}{i}" for axis, i in at.items())
    found: OnPlane | None = running.known_answer(f"plane {role}", f"{key} {place}")
    running.stop_others(f"lines {role}", key)
    if found is None:
        results = running.of_session().results
        work = partial(prepared, identity, scan, lines, known, results)
        lines_job = running.begun(f"lines {role}", key, work, keep=False)
        if not lines_job.succeeded:
            so_far = _so_far(whole_so_far(identity, lines, results), scan, at)
            return _shown(before, so_far, Unfinished(f"lines {role}", lines_job))
        ready = lines_job.result()
        job = running.begun(f"plane {role}", f"{key} {place}", lambda tell: on_plane(ready, scan, at))
        if not job.succeeded:
            return _shown(before, _so_far(ready.whole, scan, at), Unfinished(f"plane {role}", job))
        found = job.result()
    return _shown(before, found)


def _so_far(whole: tuple[Timed, ...], scan: Scan, at: dict[str, int]) -> OnPlane:
    planes = tuple(cut(line, nearest(at, scan, whole[-1].done.scan)) for line in whole)
    return OnPlane(planes, None, len(whole))


def _shown(before: Scan, found: OnPlane, waiting: Unfinished | None = None) -> Shown:
    seconds = tuple(line.seconds for line in found.done)
    return Shown(before, tuple(line.done for line in found.done), found.error, found.whole, seconds, waiting)


def place(state: AppState, scan: Scan) -> dict[str, int]:
    """Which plane the session looks at: an index for each of T, C and Z that the scan has."""
    middle = {axis: scan.size(axis) // 2 if axis == "Z" else 0 for axis in "TCZ" if axis in scan.axes}
    return {axis: min(state.at.get(axis, start), scan.size(axis) - 1) for axis, start in middle.items()}


def pixels(scan: Scan) -> NDArray[np.float32]:
    """The only plane of `scan`, as real numbers (y, x)."""
    real = magnitude_of(scan).data
    return real.reshape(real.shape[-2:])


def grey_range(scan: Scan) -> tuple[float, float]:
    """Which values of a plane are black and white: 0 and 1 for results in between, else the 0.5 and 99.5 percentile."""
    values = pixels(scan)[scan.valid.reshape(scan.data.shape[-2:])]
    if not values.size:
        return 0.0, 1.0
    lowest, low, high, highest = percentiles(values, (0.0, 0.5, 99.5, 100.0))
    if scan.unit == "1" and lowest >= 0 and highest <= 1:
        return 0.0, 1.0
    return (low, high) if low < high else (lowest, max(highest, lowest + 1e-6))


def stored_greys(state: AppState, plane: Scan) -> tuple[float, float]:
    """`grey_range` of the plane that the session looks at, as it is stored: measured once."""
    key = f"greys:{sessions.identity(state)} {state.at}"
    return running.of_session().results.once(key, partial(grey_range, plane))


def measured(identity: str, scan: Scan) -> Summary | None:
    """The scan in numbers, measured once; None while it is, or where it cannot be, which is drawn in place."""
    return running.answer("summary", identity, partial(_measured, scan), soon=not is_large(scan))


def is_large(scan: Scan) -> bool:
    """Whether nobody waits for its numbers."""
    return scan.data.size >= LARGE


def is_measured(identity: str) -> bool:
    """Whether `summary` is there at once."""
    return running.known_answer("summary", identity) is not None


def summary(identity: str, scan: Scan) -> Summary:
    """The scan in numbers, measured once: for places that are drawn below a `measured` that has an answer.

    Raises
    ------
    ValueError
        For a scan without one valid voxel.
    """
    known: Summary | None = running.known_answer("summary", identity)
    if known is None:
        with st.spinner("Measuring the scan"):
            known = running.begun("summary", identity, partial(_measured, scan)).result()
    return known


def _measured(scan: Scan, tell: Tell) -> Summary:
    return inspect(scan, lambda what: tell(Stage(f"measuring the scan: {what}")))
