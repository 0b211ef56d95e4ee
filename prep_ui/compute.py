"""Runs the recipe for the screen: one plane, with the numbers of the whole scan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from prep_core.inspection import Summary, inspect, magnitude_of, percentiles
from prep_core.line import Line, digest
from prep_core.measuring import Measured
from prep_core.preview import preview, resolve, whole, whole_lines
from prep_core.run import Done, StepError
from prep_core.scan import Scan
from prep_ui import state as sessions
from prep_ui.state import AppState

MOST_KNOWN = 1000
"""Sets of numbers to remember; every place of a slider makes new ones for the lines below."""


@dataclass(frozen=True)
class Shown:
    """A plane before the first line and after each line, up to the one that has no answer."""

    before: Scan
    done: tuple[Done, ...]
    error: StepError | None = None


def run_plane(state: AppState, scan: Scan) -> Shown:
    """Carry out the switched-on lines on the plane that the session looks at."""
    lines = sessions.recipe(state).lines
    return plane_of(sessions.identity(state), scan, lines, place(state, scan), state.known)


def plane_of(
    identity: str, scan: Scan, lines: Sequence[Line], at: dict[str, int], known: dict[str, dict[str, Measured]]
) -> Shown:
    """Carry out `lines` on one plane of the scan called `identity`; `known` holds what was measured on it before."""
    before = scan.take(at)
    error = None
    while True:
        try:
            return Shown(before, _done(identity, scan, lines, at, known), error)
        except StepError as fault:
            error = error or fault
            lines = lines[: fault.line - 1]


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


@st.cache_resource(show_spinner="Measuring the scan", scope="session", max_entries=8)
def summary(identity: str, _scan: Scan) -> Summary:
    """The scan in numbers, measured once."""
    return inspect(_scan)


def _done(
    identity: str, scan: Scan, lines: Sequence[Line], at: dict[str, int], kept: dict[str, dict[str, Measured]]
) -> tuple[Done, ...]:
    count = whole_lines(lines)
    heavy = _whole(identity, digest(lines[:count]), lines[:count], scan) if count else ()
    base = heavy[-1].scan if heavy else scan
    known = kept.setdefault(digest(lines[:count]), {})
    if len(known) > MOST_KNOWN:
        known.clear()
    plan = resolve(lines[count:], base, known, first=count + 1)
    there = {axis: same_place(i, scan.size(axis), base.size(axis)) for axis, i in at.items()}
    planes = tuple(replace(d, scan=d.scan.take(_within(there, d.scan))) for d in heavy)
    return planes + tuple(preview(plan, there, first=count + 1))


@st.cache_resource(show_spinner="Running on the whole scan", scope="session", max_entries=2)
def _whole(identity: str, lines_digest: str, _lines: Sequence[Line], _scan: Scan) -> tuple[Done, ...]:
    return whole(_lines, _scan)


def same_place(index: int, size: int, new_size: int) -> int:
    """The index whose centre lies nearest, in a grid of the same extent."""
    return min(int((index + 0.5) * new_size / size), new_size - 1)


def _within(at: dict[str, int], scan: Scan) -> dict[str, int]:
    return {axis: min(i, scan.size(axis) - 1) for axis, i in at.items()}
