"""A simulated Sentinel-2 scene in 13 bands: fields, forest, soil, a town, a lake, and a few clouds."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import norm

from prep_core.scan import Scan

SIDE = 128
BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")

SPECTRA: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "water": (0.06, 0.05, 0.04, 0.03, 0.025, 0.02, 0.02, 0.015, 0.015, 0.01, 0.002, 0.008, 0.006),
        "forest": (0.03, 0.03, 0.05, 0.03, 0.08, 0.22, 0.28, 0.30, 0.32, 0.30, 0.003, 0.15, 0.07),
        "crop": (0.04, 0.045, 0.08, 0.045, 0.12, 0.34, 0.42, 0.44, 0.46, 0.42, 0.003, 0.22, 0.11),
        "soil": (0.08, 0.10, 0.14, 0.18, 0.20, 0.22, 0.24, 0.26, 0.28, 0.27, 0.004, 0.34, 0.30),
        "town": (0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.20, 0.19, 0.004, 0.22, 0.20),
        "cloud": (0.75, 0.75, 0.76, 0.78, 0.79, 0.80, 0.80, 0.80, 0.80, 0.60, 0.05, 0.55, 0.45),
    }
)
"""Typical reflectance by surface, in the order of BANDS: water falls, plants jump after red, soil rises."""

SCALE = 10_000
"""What a product of Sentinel-2 stores for a reflectance of 1."""


def simulated_scene(cloudy: float) -> Scan:
    """Reflectance x 10000 as uint16, with clouds over the share `cloudy` of the pixels."""
    rng = np.random.default_rng(13)
    cover = _cover(rng, cloudy)
    # One brightness for all bands, as slope and moisture make it, and noise of each band's own.
    shade = np.exp(0.12 * _smooth(rng, 3.0))
    # Plants cover a field here more and there less, so that NDVI has all values from soil to crop.
    bare = np.where(cover == list(SPECTRA).index("crop"), 0.9 * norm.cdf(_smooth(rng, 5.0)), 0)
    planes = []
    for i, soil in enumerate(SPECTRA["soil"]):
        clear = np.choose(cover, [spectrum[i] for spectrum in SPECTRA.values()])
        clear = (1 - bare) * clear + bare * soil
        planes.append(clear * shade + 0.003 * rng.normal(size=(SIDE, SIDE)))
    data = np.rint(SCALE * np.clip(planes, 1 / SCALE, 1.5)).astype(np.uint16)
    return Scan(data, "CYX", modality="MSI", channels=BANDS, name="a simulated scene")


def _cover(rng: np.random.Generator, cloudy: float) -> NDArray[np.intp]:
    """Which surface each pixel is of, by its place in SPECTRA."""
    names = list(SPECTRA)
    y, x = np.mgrid[:SIDE, :SIDE]
    fields = (y // 21 + 2 * (x // 18)) % 3
    cover = np.where(fields == 0, names.index("soil"), names.index("crop"))
    cover[_smooth(rng, 12.0) > 0.5] = names.index("forest")
    cover[np.hypot(y - 95, x - 95) < 18 + 3 * np.sin(np.arctan2(y - 95, x - 95) * 5)] = names.index("water")
    cover[((y - 30) / 16) ** 2 + ((x - 92) / 22) ** 2 < 1] = names.index("town")
    clouds = _smooth(rng, 6.0)
    highest = np.argsort(clouds, axis=None)[::-1][: round(cloudy * clouds.size)]
    cover.ravel()[highest] = names.index("cloud")
    return cover


def _smooth(rng: np.random.Generator, sigma: float) -> NDArray[np.float64]:
    """A random field of mean 0 and standard deviation 1."""
    field = gaussian_filter(rng.normal(size=(SIDE, SIDE)), sigma, mode="wrap")
    even: NDArray[np.float64] = (field - field.mean()) / field.std()
    return even
