"""What the viewer draws, and the bytes in which it reaches the browser.

Payload, little endian: u32 length of the header, the header as JSON, then the pixel blocks that the header
lists.  The header and each block are padded with zeros to a multiple of 4 bytes.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import blake2b
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prep_ui.viewer.parts import PLANES_PATH, TICKET_HEADER, Crosshair, Histogram, Pane, Planes, Window, require
from prep_ui.viewer.place import Slices

MAX_SIDE = 1024
"""Pixels on a side that are sent at most; of a larger picture every n-th pixel is sent."""

SHOWN_AS_THEY_ARE = ("uint8", "int16", "uint16", "float32")


def pack(
    panes: Sequence[Pane],
    *,
    pixel_aspect: float,
    height: int,
    window: Window | None = None,
    live: Pane | None = None,
    slices: Slices | None = None,
    planes: Planes | None = None,
    crosshair: Crosshair | None = None,
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
    require(len(panes) > 0, "viewer: panes must hold at least one pane, got none")
    require(
        isfinite(pixel_aspect) and pixel_aspect > 0,
        f"viewer: pixel_aspect must be finite and above 0, got {pixel_aspect}",
    )
    require(height > 0, f"viewer: height must be above 0 pixels, got {height}")
    require((window is None) == (live is None), "viewer: window and live must be given together, got one")
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
        "planes": _planes_head(planes) if planes else None,
        "crosshair": asdict(crosshair) if crosshair else None,
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
        "colours": None if pane.colours is None else pane.colours.tobytes().hex(),
        "cut": asdict(pane.cut) if pane.cut else None,
    }


def _planes_head(planes: Planes) -> dict[str, Any]:
    return {"path": PLANES_PATH, "header": TICKET_HEADER, **asdict(planes)}


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
