"""A scan and its result as one small PNG, which also holds what the report says of them.

The greys are a palette: the report paints the results of a whole batch by one range without touching a pixel.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from prep_core.batch.glance import Glance
from prep_core.scan import Scan

LEVELS = 127
"""Greys of each of the two pictures."""

NOTHING = 255
"""The transparent entry of the palette: padding, and what is around the pictures."""

GAP = 4
KEY = "prep"
_COLOURS = 256

Indices = NDArray[np.uint8]


def thumbnail(before: Scan, after: Scan, facts: Mapping[str, Any]) -> bytes:
    """A PNG with `before` on the left and `after` on the right, each by its own range, until it is `painted`.

    Parameters
    ----------
    facts : mapping
        What else the report needs, in plain values; `facts_in` gives it back.
    """
    left, right = Glance(before), Glance(after)
    values = right.mixed_values(LEVELS)
    words = {
        **facts,
        "before": left.histogram(),
        "after": right.histogram(),
        "inverted": [before.display_inverted, after.display_inverted],
        "values": values.tolist(),
    }
    pictures = left.nearest(left.even_values(LEVELS)), right.nearest(values) + LEVELS
    shown = [np.where(g.seen, p, NOTHING).astype(np.uint8) for g, p in zip((left, right), pictures, strict=True)]
    return _png(Image.fromarray(_beside(*shown)), words, *right.range)


def painted(png: bytes, low: float, high: float) -> bytes:
    """A thumbnail with its right picture black at `low` and below, white at `high` and above."""
    with Image.open(BytesIO(png), formats=["PNG"]) as image:
        return _png(Image.fromarray(np.asarray(image)), _facts(image), low, high)


def facts_in(png: bytes) -> dict[str, Any]:
    """What a thumbnail holds besides its pixels.

    Raises
    ------
    ValueError
        For what is no thumbnail of ours.
    """
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            image.load()
            return _facts(image)
    except (OSError, SyntaxError, KeyError) as error:
        raise ValueError("is no thumbnail of a batch") from error


def _facts(image: Image.Image) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(image.info[KEY])
    return facts


def _beside(left: Indices, right: Indices) -> Indices:
    """Both pictures, in the middle of the height of the higher one."""
    height = max(left.shape[0], right.shape[0])
    canvas = np.full((height, left.shape[1] + GAP + right.shape[1]), NOTHING, np.uint8)
    for picture, x in ((left, 0), (right, left.shape[1] + GAP)):
        y = (height - picture.shape[0]) // 2
        canvas[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return canvas


def _png(image: Image.Image, facts: Mapping[str, Any], low: float, high: float) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text(KEY, json.dumps(facts, allow_nan=False), zip=True)
    image.putpalette(_palette(facts, low, high))
    stream = BytesIO()
    image.save(stream, "PNG", pnginfo=words, transparency=NOTHING, compress_level=6)
    return stream.getvalue()


def _palette(facts: Mapping[str, Any], low: float, high: float) -> bytes:
    left = np.linspace(0, 1, LEVELS)
    values = np.array(facts["values"])
    right = np.clip((values - low) / (high - low), 0, 1) if high > low else np.full(LEVELS, 0.5)
    greys = [1 - share if turned else share for share, turned in zip((left, right), facts["inverted"], strict=True)]
    entries = np.zeros(_COLOURS, np.uint8)
    entries[: 2 * LEVELS] = np.rint(255 * np.concatenate(greys))
    return np.repeat(entries, 3).tobytes()
