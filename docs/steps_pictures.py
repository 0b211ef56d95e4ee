"""Before and after a step, side by side, as docs/steps.md shows them."""

import io
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from skimage.segmentation import find_boundaries
from skimage.transform import resize

from docs.steps_examples import BY_FAMILY, EXAMPLES, Example
from prep_core import Recipe, Scan, apply, fit
from prep_core.inspection import magnitude_of
from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.steps import STEPS

SIDE = 256
WIDEST = 400
GAP = 6
BARS = 44
TEXT = 18


def draw(name: str) -> bytes:
    """A JPEG: the plane before the step on the left, after it on the right."""
    example = EXAMPLES.get(name, BY_FAMILY[STEPS[name].family])
    sample = load_sample(example.sample) if isinstance(example.sample, str) else example.sample()
    before = apply(Recipe(example.above), sample)
    after = _after(name, example, before)
    left, right = _plane(before), _plane(after)
    mask = after.mask if STEPS[name].gives != "pixels" else None
    outline = None if mask is None else _plane(replace(after, data=mask))
    return _jpeg([_shown(left, None, example), _shown(right, outline, example)])


def _after(name: str, example: Example, before: Scan) -> Scan:
    recipe = Recipe((Line(name, example.params, inside=example.inside),))
    return apply(fit(recipe, [before]) if recipe.waiting else recipe, before)


def _plane(scan: Scan) -> Scan:
    at = {axis: scan.size(axis) // 2 if axis == "Z" else 0 for axis in "TCZ" if axis in scan.axes}
    return magnitude_of(scan.take(at))


def _shown(plane: Scan, mask: Scan | None, example: Example) -> NDArray[np.uint8]:
    pixels = plane.data.reshape(plane.data.shape[-2:]).astype(np.float64)
    valid = plane.valid.reshape(pixels.shape)
    low, high = _ends(pixels[valid])
    grey = np.where(valid, np.clip((pixels - low) / (high - low), 0, 1), 0)
    colour = np.repeat(np.rint(grey * 255).astype(np.uint8)[..., None], 3, axis=2)
    if mask is not None:
        edge = find_boundaries(mask.data.reshape(pixels.shape) > 0, mode="inner")
        colour[edge] = (255, 170, 0)
    shown = _sized(_zoomed(colour, example), plane)
    return np.concatenate([shown, _histogram(pixels[valid], plane.unit, shown.shape[1])])


def _histogram(values: NDArray[np.float64], unit: str, width: int) -> NDArray[np.uint8]:
    """Log counts, with the smallest and the largest value below."""
    low, high = values.min(), values.max()
    counts, _ = np.histogram(values, bins=128, range=(low, high) if low < high else (low, low + 1))
    heights = np.log1p(counts) / np.log1p(counts.max()) * (BARS - 4)
    strip = Image.new("RGB", (width, BARS + TEXT), "white")
    pen = ImageDraw.Draw(strip)
    for i, height in enumerate(heights):
        left, right = i * width / len(heights), (i + 1) * width / len(heights)
        pen.rectangle((left, BARS - height, max(right - 1, left), BARS), fill=(90, 100, 110))
    words = "" if unit == "1" else f" {unit}"
    font = ImageFont.load_default(size=12)
    pen.text((0, BARS + 2), f"{low:.4g}{words}", fill="black", font=font)
    pen.text((width, BARS + 2), f"{high:.4g}{words}", fill="black", font=font, anchor="ra")
    return np.asarray(strip)


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    if values.min() >= 0 and 0.5 < values.max() <= 1:
        return 0.0, 1.0
    low, high = np.percentile(values, (0.5, 99.5))
    return (low, high) if low < high else (values.min(), max(values.max(), values.min() + 1e-6))


def _zoomed(colour: NDArray[np.uint8], example: Example) -> NDArray[np.uint8]:
    if example.zoom is None:
        return colour
    top, left, size = example.zoom
    return colour[top : top + size, left : left + size]


def _sized(colour: NDArray[np.uint8], plane: Scan) -> NDArray[np.uint8]:
    """In the proportions of the patient, as high as all others, or as wide as may be."""
    dy, dx = plane.spacing[-2:]
    height, width = colour.shape[0] * dy, colour.shape[1] * dx
    scale = min(SIDE / height, WIDEST / width)
    shape = (max(round(height * scale), 32), max(round(width * scale), 32))
    return np.rint(resize(colour, shape, order=0, preserve_range=True, anti_aliasing=False)).astype(np.uint8)


def _jpeg(pictures: list[NDArray[np.uint8]]) -> bytes:
    height = max(len(picture) for picture in pictures)
    first, second = (_padded(picture, height) for picture in pictures)
    gap = np.full((height, GAP, 3), 255, np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.concatenate([first, gap, second], axis=1)).save(file, "JPEG", quality=88)
    return file.getvalue()


def _padded(picture: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    return np.pad(picture, ((0, height - len(picture)), (0, 0), (0, 0)), constant_values=255)
