"""Images as a microscope takes them, of which the truth is known: cells on a background, under one vignette."""

from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter

DARK = 10.0
SHAPE = (96, 112)


def vignette(shape: tuple[int, int] = SHAPE, depth: float = 0.8) -> np.ndarray:
    """A flat field with mean 1, brightest beside the centre."""
    y, x = ((np.arange(n) + 0.5) / n - 0.5 - shift for n, shift in zip(shape, (0.1, -0.05), strict=True))
    flat = 1 - depth * (1.3 * y[:, None] ** 2 + x**2)
    return flat / flat.mean()


@cache
def shaded(count: int, cells: int = 6, shape: tuple[int, int] = SHAPE, seed: int = 0) -> np.ndarray:
    """Images (count, y, x): a level of their own near 100, cells as bright as that, the vignette, DARK, and noise."""
    rng = np.random.default_rng(seed)
    size = shape[0] / 40
    images = []
    for _ in range(count):
        points = np.zeros(shape)
        points[tuple(rng.integers(0, n, cells) for n in shape)] = rng.uniform(50, 150, cells)
        objects = gaussian_filter(points, size, mode="constant") * 2 * np.pi * size**2
        light = (rng.normal(100, 10) + objects) * vignette(shape) + DARK
        images.append(rng.normal(light, np.sqrt(light) / 2))
    return np.array(images, np.float32)
