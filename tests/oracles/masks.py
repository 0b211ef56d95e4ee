"""What the steps of the family masks are compared with."""

from collections.abc import Callable

import numpy as np
import SimpleITK
from skimage.filters import threshold_otsu

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.chest import Phantom
from prep_core.scan import Scan
from tests.ops.masks.chests import GRAINS, MOVED, PHOTONS, ct, dice, mask_of, xray
from tests.oracles.oracle import Oracle

VALUES = np.random.default_rng(3).gamma(2, 150, (5, 40, 50)).astype(np.float32)


def of_otsu() -> float:
    """On floats, on unsigned counts, and on HU."""
    shades = (VALUES, np.round(VALUES).astype(np.uint16), (VALUES - 1024).astype(np.int16))
    return max(float(np.mean(mask_of("foreground_mask", Scan(s, "ZYX")) != (s > threshold_otsu(s)))) for s in shades)


def of_threshold() -> float:
    ours = mask_of("threshold_mask", Scan(VALUES, "ZYX"), low=100.0, high=400.0)
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.BinaryThreshold(SimpleITK.GetImageFromArray(VALUES), 100.0, 400.0))
    return float(np.mean(ours != theirs.astype(bool)))


def of_fill() -> float:
    recipe = Recipe((Line("threshold_mask", {"low": 100.0, "high": 400.0}), Line("apply_mask", {"fill": -7.0})))
    ours = apply(recipe, Scan(VALUES, "ZYX")).data
    image = SimpleITK.GetImageFromArray(VALUES)
    theirs = SimpleITK.GetArrayFromImage(
        SimpleITK.Mask(image, SimpleITK.BinaryThreshold(image, 100.0, 400.0), outsideValue=-7.0)
    )
    return float(np.abs(ours - theirs).max())


def worst(step: str, truth: str, phantoms: tuple[Phantom, ...], **params: object) -> Callable[[], float]:
    """1 - Dice, of the phantom with which it is worst."""
    return lambda: max(1 - dice(mask_of(step, p.scan, **params), p.truth[truth]) for p in phantoms)


CHESTS = tuple(ct(noise, shift) for noise in GRAINS for shift in MOVED)
PICTURES = tuple(xray(photons, shift) for photons in PHOTONS for shift in ((0.0, 0.0), (15.0, 20.0), (-15.0, -20.0)))
NEGATIVES = tuple(xray(photons, monochrome1=True) for photons in PHOTONS)
MOVED_CT = "simulated chest CT, over noise and place"

ORACLES = (
    Oracle("foreground_mask", "scikit-image threshold_otsu", of_otsu, 0.0, "share of voxels that differ"),
    Oracle("threshold_mask", "SimpleITK BinaryThreshold", of_threshold, 0.0, "share of voxels that differ"),
    Oracle("body_mask", MOVED_CT, worst("body_mask", "body", CHESTS), 0.01, "1 - Dice"),
    Oracle("lung_mask", MOVED_CT, worst("lung_mask", "lungs", CHESTS), 0.03, "1 - Dice"),
    Oracle(
        "lung_mask",
        "simulated chest radiograph, over noise and place",
        worst("lung_mask", "lungs", PICTURES, method="cxr"),
        0.15,
        "1 - Dice",
    ),
    Oracle(
        "lung_mask",
        "simulated chest radiograph stored as MONOCHROME1",
        worst("lung_mask", "lungs", NEGATIVES, method="cxr", lungs="bright"),
        0.15,
        "1 - Dice",
    ),
    Oracle("apply_mask", "SimpleITK Mask", of_fill, 0.0),
)
