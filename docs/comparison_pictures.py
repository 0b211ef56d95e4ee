"""Strips of pictures and tables of figures, for docs/comparisons.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from prep_core.scan import Scan

SIDE = 230
"""Pixels of the longer side of a picture in a strip."""

Values = NDArray[np.generic]

Picture = tuple[str, Values, float, float] | tuple[str, Values, float, float, Values]
"""A label, pixels, the values that are black and white, and what is painted red."""

RED = (213, 43, 30)


def figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown, with words in the first column and numbers in the others."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def montage(file: Path, pictures: Sequence[Picture], plane: Scan) -> None:
    """Pictures in a row, each with its label."""
    y, x = plane.spacing[-2:]
    tiles = [tile(*picture, aspect=y / x, inverted=plane.display_inverted) for picture in pictures]
    width, height = tiles[0].size
    row = Image.new("RGB", (len(tiles) * (width + 4) - 4, height), "white")
    for i, each in enumerate(tiles):
        row.paste(each, (i * (width + 4), 0))
    file.parent.mkdir(exist_ok=True)
    row.save(file, optimize=True)


def tile(
    label: str, image: Values, low: float, high: float, mask: Values | None = None, *, aspect: float, inverted: bool
) -> Image.Image:
    grey = np.clip((image.astype(np.float64) - low) / (high - low), 0, 1)
    bytes_of_grey = np.rint(255 * (1 - grey if inverted else grey)).astype(np.uint8)
    coloured = np.repeat(bytes_of_grey[..., None], 3, axis=-1)
    if mask is not None:
        coloured[mask] = RED
    shown = Image.fromarray(coloured)
    rows, columns = image.shape[0] * aspect, image.shape[1]
    scale = SIDE / max(rows, columns)
    shown = shown.resize((round(columns * scale), round(rows * scale)), Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST)
    framed = Image.new("RGB", (shown.width, shown.height + 18), "white")
    framed.paste(shown, (0, 18))
    ImageDraw.Draw(framed).text((2, 2), label, "black", ImageFont.load_default(12))
    return framed
