"""What the steps of the family channels are compared with."""

from collections.abc import Callable

import numpy as np
from skimage.color import rgb2gray

from prep_core.line import Line
from prep_core.samples import load_sample
from prep_core.scan import Scan
from tests.oracles.oracle import Oracle
from tests.suited import result_of

BLUE, GREEN, RED, NEAR_INFRARED = range(4)


def satellite() -> Scan:
    return load_sample("satellite_sentinel2")


def like_take() -> float:
    old = satellite()
    new = result_of(Line("select_channels", {"names": "B08, b04, 1"}), old)
    same = new.channels == ("B08", "B04", "B03")
    return float(np.abs(new.data - old.data[[NEAR_INFRARED, RED, GREEN]]).max()) if same else np.inf


def like_rgb2gray() -> float:
    """On red, green and blue as shares of the largest value, because scikit-image wants floats from 0 to 1."""
    old = satellite()
    colours = old.data[[RED, GREEN, BLUE]] / old.data.max()
    new = result_of(Line("to_grey"), Scan(colours, "CYX", channels=("R", "G", "B")))
    return float(np.abs(new.data - rgb2gray(colours, channel_axis=0)).max())


def like_mean() -> float:
    old = satellite()
    new = result_of(Line("to_grey", {"method": "mean"}), old)
    return float((np.abs(new.data - old.data.mean(axis=0)) / old.data.mean(axis=0)).max())


def by_formula(index: str, a: int, b: int) -> Callable[[], float]:
    def difference() -> float:
        old = satellite()
        first, second = old.data[a].astype(np.float64), old.data[b].astype(np.float64)
        new = result_of(Line("band_index", {"index": index}), old)
        return float(np.abs(new.data - (first - second) / (first + second)).max())

    return difference


SCENE = "of a Sentinel-2 scene"

ORACLES: tuple[Oracle, ...] = (
    Oracle("select_channels", f"NumPy indexing, {SCENE}", like_take, 0.0),
    Oracle("to_grey", f"scikit-image rgb2gray, {SCENE}", like_rgb2gray, 1e-6),
    Oracle("to_grey", f"NumPy mean, {SCENE}", like_mean, 1e-6, "largest relative difference"),
    Oracle("band_index", f"NDVI (Rouse 1974) in float64, {SCENE}", by_formula("ndvi", NEAR_INFRARED, RED), 1e-7),
    Oracle("band_index", f"NDWI (McFeeters 1996) in float64, {SCENE}", by_formula("ndwi", GREEN, NEAR_INFRARED), 1e-7),
)
