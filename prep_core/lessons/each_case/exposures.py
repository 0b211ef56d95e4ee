"""Exposures of one and the same thing: each amplifies it in its own way, and shows another part of it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.thinned_plane import thinned_plane
from prep_core.quality.otsu_classes import otsu_classes
from prep_core.scan import Scan

Mask = NDArray[np.bool_]

CASES = 36
SIDE = 160

BACKGROUND, DARK, BRIGHT, ORGAN = 10.0, 100.0, 160.0, 420.0
"""Values of the phantom at an exposure of 1; the organ lies at the edge and is not in every picture."""


@dataclass(frozen=True)
class Thing:
    """One plane at an exposure of 1, and where two of its tissues are."""

    scan: Scan
    dark: Mask
    bright: Mask


@dataclass(frozen=True)
class Case:
    """One exposure; `gain` is what it multiplies with."""

    scan: Scan
    dark: Mask
    bright: Mask
    gain: float


def phantom() -> Thing:
    """A body of a dark tissue with three inlays of a bright one, and an organ that is brighter than both."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    body = (x / 0.92) ** 2 + (y / 0.8) ** 2 <= 1
    organ = (((x + 0.62) / 0.28) ** 2 + (y / 0.5) ** 2 <= 1) & body
    bright = np.zeros_like(body)
    for top, left, radius in ((0.0, 0.1, 0.2), (-0.42, 0.25, 0.14), (0.42, 0.3, 0.16)):
        bright |= (x - left) ** 2 + (y - top) ** 2 <= radius**2
    values = np.where(body, DARK, BACKGROUND)
    values = np.where(organ, ORGAN, np.where(bright, BRIGHT, values))
    return Thing(Scan(values.astype(np.float32), "YX", name="phantom"), body & ~organ & ~bright, bright)


def thing_of(scan: Scan) -> Thing:
    """The middle plane of a scan; its tissues are the middle and the bright class of three by Otsu's method.

    Raises
    ------
    ValueError
        As `thinned_plane`; for values that no exposure multiplies, and for a plane without three classes.
    """
    if scan.unit in ("HU", "dB") or np.iscomplexobj(scan.data):
        what = "complex" if np.iscomplexobj(scan.data) else f"in {scan.unit}"
        raise ValueError(
            f"scan {scan.name}: its values are {what}, and this lesson needs values that an exposure multiplies; "
            "open one without a unit (MR, fluorescence, counts of an X-ray)"
        )
    plane = thinned_plane(scan)
    found = otsu_classes(plane.data[plane.valid], 3)
    if found is None:
        raise ValueError(
            f"scan {scan.name}: its middle plane has fewer than three levels, so no two tissues can be told apart; "
            "open one with more"
        )
    classes = np.full(plane.data.shape, -1, np.int64)
    classes[plane.valid] = found
    return Thing(replace(plane, data=plane.data.astype(np.float32)), classes == 1, classes == 2)


def exposures(thing: Thing, exposure: float, view: float, noise: float, seed: int = 0) -> list[Case]:
    """36 cases, from the dimmest to the brightest.

    Parameters
    ----------
    exposure : gain of the brightest over that of the dimmest
    view : share by which a field of view may be narrower than the whole, which lies anywhere
    noise : standard deviation of the detector's noise, in the unit of the values: the same in each
    """
    rng = np.random.default_rng(seed)
    gains = exposure ** np.linspace(-0.5, 0.5, CASES)
    return [_case(thing, float(gain), view, noise, rng) for gain in gains]


def _case(thing: Thing, gain: float, view: float, noise: float, rng: np.random.Generator) -> Case:
    at = tuple(_window(size, view, rng) for size in thing.scan.data.shape)
    signal = thing.scan.data[at] * np.float32(gain)
    seen = signal + rng.normal(0, noise, signal.shape).astype(np.float32)
    valid = thing.scan.valid[at]
    scan = replace(thing.scan, data=seen, valid=valid, name=f"exposure {gain:.2f}")
    return Case(scan, thing.dark[at] & valid, thing.bright[at] & valid, gain)


def _window(size: int, view: float, rng: np.random.Generator) -> slice:
    length = round(size * (1 - view * rng.uniform()))
    start = int(rng.integers(0, size - length + 1))
    return slice(start, start + length)
