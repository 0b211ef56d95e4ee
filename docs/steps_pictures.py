"""Before and after a step, side by side, as docs/steps.md shows them."""

import io
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.segmentation import find_boundaries
from skimage.transform import resize

from docs.steps_examples import BY_FAMILY, EXAMPLES, Example
from prep_core import Recipe, Scan, apply, fit
from prep_core.inspection import magnitude_of
from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.steps import STEPS

SIDE = 256
GAP = 6


def draw(name: str) -> bytes:
    """A JPEG: the plane before the step on the left, after it on the right."""
    example = EXAMPLES.get(name, BY_FAMILY[STEPS[name].family])
    before = apply(Recipe(example.above), load_sample(example.sample))
    after = _after(name, example, before)
    left, right = _plane(before), _plane(after)
    mask = after.mask if STEPS[name].gives != "pixels" else None
    pictures = [_shown(left, None, example), _shown(right, None if mask is None else _plane(replace(after, data=mask)), example)]
    return _jpeg(pictures)


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
    return _sized(_zoomed(colour, example), plane)


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
    """In the proportions of the patient, as high as all others."""
    dy, dx = plane.spacing[-2:]
    height, width = colour.shape[0] * dy, colour.shape[1] * dx
    shape = (SIDE, max(round(SIDE * width / height), 32))
    return np.rint(resize(colour, shape, order=0, preserve_range=True, anti_aliasing=False)).astype(np.uint8)


def _jpeg(pictures: list[NDArray[np.uint8]]) -> bytes:
    gap = np.full((SIDE, GAP, 3), 255, np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.concatenate([pictures[0], gap, pictures[1]], axis=1)).save(file, "JPEG", quality=88)
    return file.getvalue()
