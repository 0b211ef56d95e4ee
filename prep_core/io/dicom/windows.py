"""The ways in which a DICOM file wants to be shown, as windows: its own, and the nearest to each lookup table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from prep_core.io.dicom.tags import items, numbers, word, words
from prep_core.io.errors import decoding

Floats = NDArray[np.float64]
Window = dict[str, Any]

LONGEST = 64
"""Characters that are kept of an explanation (PS3.5 6.2, LO)."""

MOST = 8
"""Different windows of one scan that are offered; with more, only those of its middle slice."""

NARROWEST, WIDEST, FARTHEST = 1e-3, 1e6, 1e6
"""Widths and centres that a window can have here."""

SAMPLES = 1024
"""Entries of a table that the nearest window is fitted to."""

FUNCTIONS: Mapping[str, str] = {"LINEAR": "linear", "LINEAR_EXACT": "linear_exact", "SIGMOID": "sigmoid"}
"""PS3.3 C.11.2.1.2 and C.11.2.1.3; a file that names none means the first."""


def _linear(x: Floats, center: float, width: float) -> Floats:
    return np.clip((x - center) / width + 0.5, 0, 1)


def _sigmoid(x: Floats, center: float, width: float) -> Floats:
    return 1 / (1 + np.exp(np.clip(-4 * (x - center) / width, -80, 80)))


SHAPES: Mapping[str, Callable[[Floats, float, float], Floats]] = {"linear_exact": _linear, "sigmoid": _sigmoid}


def windows(slices: Sequence[Dataset], ds: Dataset) -> tuple[list[Window], list[str]]:
    """The windows of `slices`, those nearest to the VOI LUTs of `ds`, and sentences about what was left out.

    Each is {"name", "center", "width", "function"}, in values after slope and intercept.
    """
    found, dropped = _distinct(slices)
    if len(found) > MOST:
        found, dropped = _distinct(slices[len(slices) // 2 :][:1])
    left_out = [f"{dropped} DICOM window of width 0 or beyond all values is left out"] if dropped else []
    tables = items(ds, "VOILUTSequence")[:MOST]
    nearest = [window for i, table in enumerate(tables) if (window := _of_table(table, i, ds.original_encoding[1]))]
    if len(nearest) < len(tables):
        left_out.append(f"{len(tables) - len(nearest)} VOI LUT does not rise and is left out")
    return found + nearest, left_out


def _distinct(slices: Iterable[Dataset]) -> tuple[list[Window], int]:
    found: list[Window] = []
    dropped = 0
    for ds in slices:
        own, out = _windows_of(ds)
        found += [window for window in own if window not in found]
        dropped = max(dropped, out)
    return found, dropped


def _windows_of(ds: Dataset) -> tuple[list[Window], int]:
    """The windows of one dataset, and how many there are that cannot be used."""
    pairs = list(zip(numbers(ds, "WindowCenter"), numbers(ds, "WindowWidth"), strict=False))
    names = words(ds, "WindowCenterWidthExplanation")
    names += [""] * len(pairs)
    function = FUNCTIONS.get(word(ds, "VOILUTFunction"), "linear")
    kept = [
        {"name": _printable(name) or f"C {center:g} W {width:g}", **_window(center, width, function)}
        for (center, width), name in zip(pairs, names, strict=False)
        if _usable(center, width)
    ]
    return kept, len(pairs) - len(kept)


def _window(center: float, width: float, function: str) -> Window:
    # PS3.3 C.11.2.1.2.1 forbids widths below 1 for LINEAR; writers of small values mean the exact form.
    exact = function == "linear" and width < 1
    return {"center": center, "width": width, "function": "linear_exact" if exact else function}


def _usable(center: float, width: float) -> bool:
    return NARROWEST <= width <= WIDEST and abs(center) <= FARTHEST


def _of_table(table: Dataset, i: int, little: bool) -> Window | None:
    """The window whose curve is nearest to a VOI LUT (PS3.3 C.11.2.1.1) over the numbers that it maps."""
    with decoding("the VOI LUT", "a lookup table"):
        entries, first, bits = (int(v) for v in table.LUTDescriptor)
        shown = _entries(table.LUTData, entries or 2**16, little)
    if shown[-1] <= shown[0] or not np.all(np.diff(shown) >= 0):
        return None
    # Writers declare more bits than they use; a table that stays in the lower half reaches white at its own end.
    white = max(2.0**bits - 1, shown[-1]) if 2 * shown[-1] > 2.0**bits else shown[-1]
    curve = shown / white
    at = np.unique(np.linspace(0, len(curve) - 1, SAMPLES).round().astype(int))
    off, function, center, width = min(_fit(at + float(first), curve[at], function) for function in SHAPES)
    if not _usable(center, width):
        return None
    name = _printable(word(table, "LUTExplanation")) or f"VOI LUT {i + 1}"
    told = f"{name}: nearest window, at most {max(1, int(np.ceil(100 * off)))} % off"
    return {"name": told, "center": center, "width": width, "function": function}


def _entries(data: Any, count: int, little: bool) -> Floats:
    """The entries of a table, which may be numbers, or bytes of one or two each."""
    if isinstance(data, bytes):
        kind = np.dtype(np.uint8) if len(data) < 2 * count else np.dtype("<u2" if little else ">u2")
        return np.frombuffer(data, kind)[:count].astype(np.float64)
    return np.asarray(data, np.float64).reshape(-1)


def _fit(x: Floats, y: Floats, function: str) -> tuple[float, str, float, float]:
    """The largest distance from the curve of `y`, with the window that has the smallest mean one."""
    # Only here: it takes a tenth of a second to import, and few files have a VOI LUT.
    from scipy.optimize import least_squares

    shape = SHAPES[function]
    low, middle, high = (float(x[np.searchsorted(y, y[0] + level * (y[-1] - y[0]))]) for level in (0.25, 0.5, 0.75))
    start = (middle, np.log(max(2 * (high - low), 1.0)))
    best = least_squares(lambda p: shape(x, p[0], np.exp(p[1])) - y, start)
    center, width = round(float(best.x[0]), 3), round(float(np.exp(best.x[1])), 3)
    return float(np.abs(shape(x, center, max(width, NARROWEST)) - y).max()), function, center, width


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:LONGEST].strip()
