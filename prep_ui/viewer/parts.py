"""What the viewer can draw: pictures, their histograms, a window, and where other planes are to be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from prep_ui.viewer.place import Place
from prep_ui.viewer.three_planes import Cut

PLANES_PATH = "/prep-api/plane"
TICKET_HEADER = "Prep-Ticket"
"""A header and no part of the address: addresses are kept in logs."""

VoiFunction = Literal["linear", "linear_exact", "sigmoid"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A named value on a histogram: a percentile, a threshold."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts in bins of equal width between two edges, which are in `unit`.

    Attributes
    ----------
    counts : (bins,) integer ndarray
    log_counts : bool
        Whether the bars are drawn as log(1 + count).
    """

    edges: tuple[float, float]
    counts: NDArray[Any]
    unit: str
    title: str
    markers: tuple[Marker, ...] = ()
    log_counts: bool = True

    def __post_init__(self) -> None:
        low, high = self.edges
        require(
            isfinite(low) and isfinite(high) and low < high,
            f"histogram {self.title!r}: edges must be finite and rising, got {self.edges}",
        )
        require(
            self.counts.ndim == 1 and self.counts.size > 0 and self.counts.dtype.kind in "iu",
            f"histogram {self.title!r}: counts must be a row of integers, got {shape_in_words(self.counts)}",
        )
        require(
            int(self.counts.min()) >= 0,
            f"histogram {self.title!r}: counts must be at least 0, got {self.counts.min()}",
        )
        for marker in self.markers:
            require(
                isfinite(marker.value),
                f"histogram {self.title!r}: marker {marker.label!r} must be finite, got {marker.value}",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Pane:
    """A picture and the range of values that is spread from black to white.

    Attributes
    ----------
    image : (y, x) ndarray of numbers, or (3, y, x) ndarray of uint8 for colour
        NaN is drawn as the ground behind the picture.
    inverted : bool
        Low values are drawn bright.
    mask : (y, x) bool ndarray or None
        Drawn as an outline.
    valid : (y, x) bool ndarray or None
        The pixels that count when a region is measured; all of them where it is None.
    place : Place or None
        Without it positions and lengths are in pixels.
    cut : Cut or None
        How it was cut out of the volume, where three planes are shown together.
    colours : (256, 3) uint8 ndarray or None
        Red, green and blue from `low` to `high`, whatever the display menu says; None for its grey or colour map.
    """

    image: NDArray[Any]
    low: float
    high: float
    label: str
    unit: str
    inverted: bool = False
    histogram: Histogram | None = None
    mask: NDArray[np.bool_] | None = None
    valid: NDArray[np.bool_] | None = None
    place: Place | None = None
    cut: Cut | None = None
    colours: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        colour = self.image.ndim == 3 and self.image.shape[0] == 3 and self.image.dtype == np.uint8
        require(
            (self.image.ndim == 2 or colour) and self.image.size > 0 and self.image.dtype.kind in "biuf",
            f"pane {self.label!r}: image must be (y, x) numbers, or (3, y, x) uint8 for colour, "
            f"got {shape_in_words(self.image)}; take one plane of one channel",
        )
        require(
            isfinite(self.low) and isfinite(self.high) and self.low <= self.high,
            f"pane {self.label!r}: low and high must be finite and in that order, got {self.low} and {self.high}",
        )
        for name, pixels in (("mask", self.mask), ("valid", self.valid)):
            require(
                pixels is None or pixels.shape == self.image.shape[-2:],
                f"pane {self.label!r}: {name} must have the shape of the image",
            )
        require(
            self.colours is None or (self.colours.shape == (256, 3) and self.colours.dtype == np.uint8),
            f"pane {self.label!r}: colours must be 256 of red, green and blue as uint8",
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The window in a `line` of the recipe: DICOM PS3.3 C.11.2.1.2.1 (linear) and C.11.2.1.3 (the others)."""

    center: float
    width: float
    function: VoiFunction
    line: int

    def __post_init__(self) -> None:
        require(
            isfinite(self.center) and isfinite(self.width) and self.width > 0,
            f"window: center must be finite and width above 0, got {self.center} and {self.width}",
        )
        require(
            self.function in get_args(VoiFunction),
            f"window: function must be linear, linear_exact or sigmoid, got {self.function!r}",
        )


@dataclass(frozen=True, slots=True)
class Planes:
    """The stack or volume whose other planes the browser may fetch by itself, to show them at once.

    Attributes
    ----------
    ticket : str
        As `Tickets.issue` gives it.
    at : mapping
        The indices that stay: of channel and frame.
    """

    ticket: str
    at: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Crosshair:
    """The voxel in which three planes meet, and how many planes there are along each axis."""

    index: Mapping[str, int]
    size: Mapping[str, int]


def require(holds: bool, complaint: str) -> None:
    """Complain unless it `holds`."""
    if not holds:
        raise ValueError(complaint)


def shape_in_words(array: NDArray[Any]) -> str:
    return f"{array.shape} {array.dtype}"
