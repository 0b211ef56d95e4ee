"""What the viewer draws, and the bytes in which it reaches the browser.

Payload, little endian: u32 length of the header, the header as JSON, then the pixel blocks that the header
lists.  The header and each block are padded with zeros to a multiple of 4 bytes.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from math import ceil, isfinite
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from prep_ui.viewer_place import Place, Slices

MAX_SIDE = 1024
"""Pixels on a side that are sent at most; of a larger picture every n-th pixel is sent."""

SHOWN_AS_THEY_ARE = ("uint8", "int16", "uint16", "float32")

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
        _require(
            isfinite(low) and isfinite(high) and low < high,
            f"histogram {self.title!r}: edges must be finite and rising, got {self.edges}",
        )
        _require(
            self.counts.ndim == 1 and self.counts.size > 0 and self.counts.dtype.kind in "iu",
            f"histogram {self.title!r}: counts must be a row of integers, got {_shape(self.counts)}",
        )
        _require(
            int(self.counts.min()) >= 0,
            f"histogram {self.title!r}: counts must be at least 0, got {self.counts.min()}",
        )
        for marker in self.markers:
            _require(
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

    def __post_init__(self) -> None:
        colour = self.image.ndim == 3 and self.image.shape[0] == 3 and self.image.dtype == np.uint8
        _require(
            (self.image.ndim == 2 or colour) and self.image.size > 0 and self.image.dtype.kind in "biuf",
            f"pane {self.label!r}: image must be (y, x) numbers, or (3, y, x) uint8 for colour, "
            f"got {_shape(self.image)}; take one plane of one channel",
        )
        _require(
            isfinite(self.low) and isfinite(self.high) and self.low <= self.high,
            f"pane {self.label!r}: low and high must be finite and in that order, got {self.low} and {self.high}",
        )
        for name, pixels in (("mask", self.mask), ("valid", self.valid)):
            _require(
                pixels is None or pixels.shape == self.image.shape[-2:],
                f"pane {self.label!r}: {name} must have the shape of the image",
            )


@dataclass(frozen=True, slots=True)
class Window:
    """The window in a `line` of the recipe: DICOM PS3.3 C.11.2.1.2.1 (linear) and C.11.2.1.3 (the others)."""

    center: float
    width: float
    function: VoiFunction
    line: int

    def __post_init__(self) -> None:
        _require(
            isfinite(self.center) and isfinite(self.width) and self.width > 0,
            f"window: center must be finite and width above 0, got {self.center} and {self.width}",
        )
        _require(
            self.function in get_args(VoiFunction),
            f"window: function must be linear, linear_exact or sigmoid, got {self.function!r}",
        )


def pack(
    panes: Sequence[Pane],
    *,
    pixel_aspect: float,
    height: int,
    window: Window | None = None,
    live: Pane | None = None,
    slices: Slices | None = None,
    answers: int = 0,
) -> bytes:
    """Everything that the browser needs to draw, as bytes in the layout that this module describes.

    Parameters
    ----------
    answers : int
        The "at" of the last change made in the browser that the server knows of.  With it the browser can
        tell the answer to its own change from older news.

    Raises
    ------
    ValueError
        Without panes, for an impossible size, or when only one of `window` and `live` is given.
    """
    _require(len(panes) > 0, "viewer: panes must hold at least one pane, got none")
    _require(
        isfinite(pixel_aspect) and pixel_aspect > 0,
        f"viewer: pixel_aspect must be finite and above 0, got {pixel_aspect}",
    )
    _require(height > 0, f"viewer: height must be above 0 pixels, got {height}")
    _require((window is None) == (live is None), "viewer: window and live must be given together, got one")
    sent = [*panes, live] if live else list(panes)
    images = [displayable(pane.image) for pane in sent]
    masks = [{"mask": _mask_bytes(pane.mask), "valid": _mask_bytes(pane.valid)} for pane in sent]
    blocks = [image.tobytes() for image in images]
    # Often `live` shows the pixels of the first pane: they are sent once.
    unique = list(dict.fromkeys([*blocks, *(block for of_pane in masks for block in of_pane.values() if block)]))
    heads = [
        _head(pane, image, unique.index(block))
        | {name: unique.index(mask) if mask else None for name, mask in of_pane.items()}
        for pane, image, block, of_pane in zip(sent, images, blocks, masks, strict=True)
    ]
    header = {
        "aspect": pixel_aspect,
        "height": height,
        "panes": heads[: len(panes)],
        "live": heads[-1] if live else None,
        "window": asdict(window) if window else None,
        "slices": asdict(slices) if slices else None,
        "answers": answers,
        "blocks": [len(block) for block in unique],
    }
    digest = blake2b(json.dumps(header).encode(), digest_size=8)
    for block in unique:
        digest.update(block)
    text = json.dumps({**header, "rev": digest.hexdigest()}, allow_nan=False).encode()
    return b"".join([struct.pack("<I", len(text)), *map(_padded, [text, *unique])])


def displayable(image: NDArray[Any]) -> NDArray[Any]:
    """The pixels that are sent: at most `MAX_SIDE` on a side, in a dtype that the browser can draw.

    Integers keep their values where int16 or uint16 can hold them; everything else becomes float32.
    """
    every = stride(image)
    cut = image[..., ::every, ::every]
    if cut.dtype.kind == "b":
        return cut.astype(np.uint8)
    if cut.dtype.name in SHOWN_AS_THEY_ARE:
        return cut.astype(cut.dtype.newbyteorder("<"))
    # A float64 beyond the range of float32 is drawn as clipped, like infinity.
    with np.errstate(over="ignore"):
        return cut.astype(_narrow(cut))


def stride(image: NDArray[Any]) -> int:
    """Every how many pixels one is sent, down and across."""
    longer: int = max(image.shape[-2:])
    return ceil(longer / MAX_SIDE)


def _mask_bytes(mask: NDArray[np.bool_] | None) -> bytes:
    return b"" if mask is None else displayable(mask).tobytes()


def _narrow(image: NDArray[Any]) -> type[np.generic]:
    if image.dtype.kind in "iu":
        for dtype in (np.int16, np.uint16):
            limits = np.iinfo(dtype)
            if limits.min <= image.min() and image.max() <= limits.max:
                return dtype
    return np.float32


def _head(pane: Pane, image: NDArray[Any], block: int) -> dict[str, Any]:
    return {
        "label": pane.label,
        "unit": pane.unit,
        "low": float(pane.low),
        "high": float(pane.high),
        "inverted": pane.inverted,
        "histogram": _histogram_head(pane.histogram) if pane.histogram else None,
        "rows": image.shape[-2],
        "cols": image.shape[-1],
        "colour": image.ndim == 3,
        "dtype": image.dtype.name,
        "stride": stride(pane.image),
        "block": block,
        "place": asdict(pane.place) if pane.place else None,
    }


def _histogram_head(histogram: Histogram) -> dict[str, Any]:
    return {
        "edges": [float(edge) for edge in histogram.edges],
        "counts": histogram.counts.tolist(),
        "unit": histogram.unit,
        "title": histogram.title,
        "markers": [[marker.label, float(marker.value)] for marker in histogram.markers],
        "log": histogram.log_counts,
    }


def _padded(block: bytes) -> bytes:
    return block + bytes(-len(block) % 4)


def _shape(array: NDArray[Any]) -> str:
    return f"{array.shape} {array.dtype}"


def _require(holds: bool, complaint: str) -> None:
    if not holds:
        raise ValueError(complaint)
