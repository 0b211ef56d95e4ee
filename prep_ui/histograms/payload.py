"""What the linked histograms draw, and the bytes in which it reaches the browser.

Payload, little endian: u32 length of the header, the header as JSON, then the blocks whose sizes in bytes the header
lists.  The header and each block are padded with zeros to a multiple of 8 bytes.  Numbers are float64, places of
voxels in bins are uint8.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from prep_core.inspection import Histogram
from prep_core.linked import Bands

MOST_BINS = 256
"""Bins that a uint8 can tell apart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A named value: a percentile, the noise floor, or a whole power of ten where `kind` is "decade"."""

    label: str
    value: float
    kind: Literal["percentile", "floor", "decade"] = "percentile"


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """One histogram.

    Attributes
    ----------
    id : str
        What bands of other charts name it by.
    whole : bool
        Whether the values are whole numbers, and are read out as such.
    bands : mapping
        From the id of another chart to the values that the voxels of each bin have there.
    pane : int or None
        Which picture of the viewer beside it shows these values.
    bins_of : (y, x) uint8 ndarray or None
        The bin of each pixel, for values that no picture shows.
    """

    id: str
    title: str
    counted: Histogram
    whole: bool = False
    marks: tuple[Mark, ...] = ()
    bands: Mapping[str, Bands] = field(default_factory=dict)
    pane: int | None = None
    bins_of: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        edges, counts = self.counted.edges, self.counted.counts
        if edges.size != counts.size + 1 or not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
            raise ValueError(f"histogram {self.id!r}: edges must be finite and rising, one more than the counts")
        if self.bins_of is not None and counts.size > MOST_BINS:
            raise ValueError(f"histogram {self.id!r}: pixels can be in {MOST_BINS} bins, got {counts.size}")
        for other, bands in self.bands.items():
            if bands.low.shape != counts.shape or bands.high.shape != counts.shape:
                raise ValueError(f"histogram {self.id!r}: the bands of {other!r} must have a value for each bin")


@dataclass(frozen=True, slots=True)
class Steer:
    """Parameters of a line that are values of a chart, to be set by dragging on it.

    Attributes
    ----------
    chart : id of the chart
    uid : of the line's card
    words : what is steered, in words: "line 2, clip"
    names, now : the parameters with their values, the lower first; of a window "center" and "width"
    at : where they lie on the axis; of a window its ends
    kind : "values", "percents" or "window"
    extra : of a window what a linear one has beyond its two ends: 0.5, or 0 for the others
    limits : the lowest and the highest value of a parameter
    line : the number of the line, for a window
    percents, values : the percentile curve of the voxels that the line measures
    """

    chart: str
    uid: int
    words: str
    names: tuple[str, ...]
    now: tuple[float, ...]
    at: tuple[float, ...]
    kind: Literal["values", "percents", "window"]
    limits: tuple[float, float]
    extra: float = 0.0
    line: int = 0
    percents: tuple[float, ...] = ()
    values: tuple[float, ...] = ()


def pack(
    charts: Sequence[Chart],
    *,
    height: int,
    stacked: bool = False,
    steer: Steer | None = None,
    answers: int = 0,
    name: str = "histograms",
) -> bytes:
    """Everything that the browser needs to draw, in the layout that this module describes.

    Parameters
    ----------
    height : int
        Of each chart, in CSS pixels.
    stacked : bool
        Below each other instead of side by side.
    answers : int
        The "at" of the last change made in the browser that the server knows of.
    name : str
        Of the files that the charts are saved as.
    """
    blocks: list[bytes] = []
    heads = [_head(chart, blocks) for chart in charts]
    header = {
        "height": height,
        "stacked": stacked,
        "charts": heads,
        "steer": asdict(steer) if steer else None,
        "answers": answers,
        "name": name,
        "blocks": [len(block) for block in blocks],
    }
    digest = blake2b(json.dumps(header).encode(), digest_size=8)
    for block in blocks:
        digest.update(block)
    text = json.dumps({**header, "rev": digest.hexdigest()}, allow_nan=False).encode()
    return b"".join([_padded(struct.pack("<I", len(text)) + text), *map(_padded, blocks)])


def _head(chart: Chart, blocks: list[bytes]) -> dict[str, Any]:
    counted = chart.counted
    return {
        "id": chart.id,
        "title": chart.title,
        "unit": counted.unit,
        "whole": chart.whole,
        "left_out": counted.left_out,
        "edges": _block(blocks, counted.edges),
        "counts": _block(blocks, counted.counts.astype(np.float64)),
        "marks": [asdict(mark) for mark in chart.marks],
        "bands": {
            other: [_block(blocks, bands.low), _block(blocks, bands.high)] for other, bands in chart.bands.items()
        },
        "pane": chart.pane,
        "bins_of": None if chart.bins_of is None else _pixels(blocks, chart.bins_of),
    }


def _pixels(blocks: list[bytes], bins_of: NDArray[np.uint8]) -> dict[str, int]:
    blocks.append(bins_of.tobytes())
    return {"block": len(blocks) - 1, "rows": bins_of.shape[0], "cols": bins_of.shape[1]}


def _block(blocks: list[bytes], numbers: NDArray[np.float64]) -> int:
    blocks.append(numbers.astype("<f8").tobytes())
    return len(blocks) - 1


def _padded(block: bytes) -> bytes:
    return block + bytes(-len(block) % 8)
