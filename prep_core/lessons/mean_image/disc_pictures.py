"""Pictures with and without a bright disc in noise, or the frames of a scan, on one grid."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.filters import threshold_otsu

from prep_core.lessons.thinned_plane import thinned_plane
from prep_core.scan import Scan

Mask = NDArray[np.bool_]

COUNT, SIDE, RADIUS = 60, 64, 12
DARK, BRIGHT = (0, 30), (230, 255)
"""Grey levels of the ground and of the disc, both ends included."""

FEWEST = 8
"""Frames that a set of one's own must have."""


@dataclass(frozen=True)
class Pictures:
    """Pictures to measure, and one to look at.

    Attributes
    ----------
    training : on one grid
    home : the disc where it stands in training
    moved : the same disc further to the right
    empty : a picture without a disc
    home_disc, moved_disc : where the disc is
    """

    training: list[Scan]
    home: Scan
    moved: Scan
    empty: Scan
    home_disc: Mask
    moved_disc: Mask


def disc(right: int = 0, down: int = 0) -> Mask:
    """The disc, moved from the middle by so many pixels."""
    y, x = np.mgrid[:SIDE, :SIDE]
    middle = SIDE // 2
    found: Mask = (y - middle - down) ** 2 + (x - middle - right) ** 2 <= RADIUS**2
    return found


def picture(rng: np.random.Generator, where: Mask | None = None) -> Scan:
    """Noise of the dark ground, and that of the bright disc where there is one."""
    values = rng.integers(*DARK, (SIDE, SIDE), dtype=np.uint8, endpoint=True)
    if where is not None:
        values[where] = rng.integers(*BRIGHT, int(where.sum()), dtype=np.uint8, endpoint=True)
    return Scan(values, "YX", name="picture")


def labelled(seed: int, discs: float, jitter: int, right: int = 0) -> tuple[list[Scan], NDArray[np.bool_]]:
    """60 pictures, a share `discs` of them with a disc, and which have one.

    Each disc lies up to `jitter` pixels up or down, left or right of where it belongs, which is `right` of the middle.
    """
    rng = np.random.default_rng(seed)
    with_disc = np.arange(COUNT) < round(discs * COUNT)
    rng.shuffle(with_disc)
    places = rng.integers(-jitter, jitter + 1, (COUNT, 2))
    found = [
        picture(rng, disc(right + int(x), int(y)) if has else None)
        for has, (x, y) in zip(with_disc, places, strict=True)
    ]
    return found, with_disc


def simulated(discs: float, jitter: int, shift: int) -> Pictures:
    """The lesson's own pictures; `shift` is how far right of its place the disc is in the one to look at."""
    rng = np.random.default_rng(99)
    return Pictures(
        labelled(0, discs, jitter)[0],
        picture(rng, disc()),
        picture(rng, disc(shift)),
        picture(rng),
        disc(),
        disc(shift),
    )


def frames_of(scan: Scan, jitter: int, shift: int) -> Pictures:
    """The frames of a film, or the planes of a stack; their bright part by Otsu's method is the disc.

    The frame in the middle is the one to look at, and is not measured.  The empty picture is a flat one.

    Raises
    ------
    ValueError
        For fewer than 8 frames, for complex values, and for a frame in the middle of one value.
    """
    axis = max("TZ", key=scan.size)
    if scan.size(axis) < FEWEST:
        raise ValueError(
            f"scan {scan.name}: a mean image needs at least {FEWEST} frames or planes, this has {scan.size(axis)}; "
            "open a film or a stack"
        )
    if np.iscomplexobj(scan.data):
        raise ValueError(f"scan {scan.name}: its values are complex; take their magnitude first")
    every = -(-scan.size(axis) // COUNT)
    taken = (scan.take({axis: i}) for i in range(0, scan.size(axis), every))
    frames = [thinned_plane(frame) for frame in taken if frame.valid.any()]
    home = frames.pop(len(frames) // 2)
    values = home.data[home.valid]
    if values.min() == values.max():
        raise ValueError(
            f"scan {scan.name}: its frame in the middle is {values.min():g} everywhere; open one that shows something"
        )
    bright = (home.data > threshold_otsu(values)) & home.valid
    flat = np.where(home.valid, np.median(home.data[home.valid & ~bright]), home.data).astype(home.data.dtype)
    places = np.random.default_rng(0).integers(-jitter, jitter + 1, len(frames))
    return Pictures(
        [_shifted(frame, int(by)) for frame, by in zip(frames, places, strict=True)],
        home,
        _shifted(home, shift),
        replace(home, data=flat),
        bright,
        _moved(bright, shift),
    )


def _shifted(scan: Scan, by: int) -> Scan:
    """`scan` moved to the right by so many pixels; what comes in repeats the edge."""
    return replace(scan, data=_moved(scan.data, by), valid=_moved(scan.valid, by))


def _moved(values: NDArray[Any], by: int) -> NDArray[Any]:
    columns = np.clip(np.arange(values.shape[-1]) - by, 0, values.shape[-1] - 1)
    moved: NDArray[Any] = values[..., columns]
    return moved
