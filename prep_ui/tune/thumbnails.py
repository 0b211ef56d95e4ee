"""What a card shows of a line: the plane after it as a small picture, and its values as a small histogram."""

from base64 import b64encode
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from prep_core.scan import Scan
from prep_ui.planes.panes import aspect
from prep_ui.work.compute import pixels

SIDE = 96
"""Pixels of the picture; the page shows half as many, for screens with a double density."""

BINS = 64
BARS = 24
"""Height of the histogram, in units of its bins' widths."""

GREY = "#7f7f7f"
"""Stands out from the light and from the dark ground."""


def thumbnail(plane: Scan, mask: bool = False) -> bytes:
    """The only plane of `plane`, or its mask, as a square PNG with transparent padding.

    Of a large plane every n-th pixel is looked at, for the picture and for its black and white.
    """
    values, valid = _small(plane)
    shade = _mask(plane) * 255.0 if mask else _greys(values, valid)
    shade = 255 - shade if plane.display_inverted and not mask else shade
    picture = np.stack([shade.round(), valid * 255.0], axis=-1).astype(np.uint8)
    return _png(_squared(Image.fromarray(picture, "LA"), aspect(plane)))


def inline(png: bytes) -> str:
    """The address of a picture that holds the picture."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


def sparkline(plane: Scan) -> str:
    """The histogram of the plane's valid values as SVG: log counts, from the smallest to the largest value."""
    values, valid = _small(plane)
    counts = _counts(values[valid].astype(np.float64))
    heights = np.log1p(counts) / np.log1p(max(int(counts.max()), 1)) * BARS
    bars = " ".join(f"M{i} {BARS}v-{height:.2f}h1V{BARS}z" for i, height in enumerate(heights) if height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BINS} {BARS}" width="{3 * BINS}" height="{BARS}" '
        f'preserveAspectRatio="none"><path fill="{GREY}" d="{bars} M0 {BARS}h{BINS}v-0.5h-{BINS}z"/></svg>'
    )


def _counts(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """How many of (n,) values lie in each bin from the smallest to the largest; in the middle where all are the same.

    Not by np.histogram, which refuses a range that is narrow for the size of its numbers.
    """
    low, high = (values.min(), values.max()) if values.size else (0.0, 0.0)
    shares = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    return np.bincount(np.minimum(shares * BINS, BINS - 1).astype(np.intp), minlength=BINS)


def _small(plane: Scan) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """(y, x) values and whether they are valid, at most twice as many as the picture has on each side."""
    cut = _cut(plane)
    return pixels(plane)[cut], plane.valid.reshape(plane.data.shape[-2:])[cut]


def _mask(plane: Scan) -> NDArray[np.bool_]:
    size = plane.data.shape[-2:]
    mask = np.zeros(size, bool) if plane.mask is None else plane.mask.reshape(size)
    return mask[_cut(plane)]


def _cut(plane: Scan) -> tuple[slice, slice]:
    step = max(1, max(plane.data.shape[-2:]) // (2 * SIDE))
    return slice(None, None, step), slice(None, None, step)


def _greys(values: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """0 to 255 from the 0.5 to the 99.5 percentile; one grey where they are the same."""
    if not valid.any():
        return np.zeros(values.shape)
    low, high = np.percentile(values[valid].astype(np.float64), (0.5, 99.5))
    span = high - low
    shares = (values - low) / span if span > 0 else np.full(values.shape, 0.5)
    return np.where(valid, np.clip(np.nan_to_num(shares), 0, 1), 0.0) * 255


def _squared(image: Image.Image, tall: float) -> Image.Image:
    """`image`, of pixels `tall` times as high as wide, in the middle of a transparent square."""
    width, height = float(image.width), image.height * tall
    scale = SIDE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    square = Image.new("LA", (SIDE, SIDE), (0, 0))
    square.paste(image.resize(size, Image.Resampling.BOX), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return square


def _png(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()
