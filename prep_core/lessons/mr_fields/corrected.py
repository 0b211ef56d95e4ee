"""One head corrected in four ways, as pictures, figures and a profile."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from prep_core.lessons.lesson import Chart, Curve, Picture, Tell
from prep_core.lessons.mr_fields.told import WORDS
from prep_core.lessons.own_scan import middle_of
from prep_core.lessons.thinned_plane import pixel_aspect
from prep_core.line import Line
from prep_core.quality.bias_methods import BiasComparison, BiasRow, compare_bias_methods
from prep_core.recipe import Recipe
from prep_core.run import apply
from prep_core.samples.brain import WHITE, BrainPhantom
from prep_core.scan import Scan

SMALL: Mapping[str, int] = {"Z": 32, "Y": 64, "X": 64}
"""Most voxels along an axis of an own scan that is corrected at once."""

FINE: Mapping[str, int] = {"Z": 64, "Y": 128, "X": 128}
"""And of one that may take seconds."""

LEAST = 8
"""Voxels on the sides of a slice: with fewer there is no field to see."""

Floats = NDArray[np.float64]


def quiet(share: float, words: str) -> None:
    """Nobody to tell."""


def of_phantom(brain: BrainPhantom, sigma: float, tell: Tell = quiet) -> BiasComparison:
    """All methods against the truth, with the tissues that are known."""
    return compare_bias_methods(brain.scan, brain.truth, (brain.white, brain.grey), sigma=sigma, progress=tell)


def chosen(found: BiasComparison, method: str, name: str = "simulated") -> BiasRow:
    """The row of `method`.

    Raises
    ------
    ValueError
        Where it has no answer.
    """
    (row,) = (row for row in found.rows if row.method == method)
    if row.picture is None or row.result is None:
        raise ValueError(f"scan {name}: {row.complaint}; choose another method, or another scan")
    return row


def figures_of(found: BiasComparison) -> dict[str, float]:
    """Those that there are, by figure and method."""
    named = {
        f"{figure}_{row.method}": getattr(row, figure)
        for row in found.rows
        for figure in ("cjv", "psnr", "ssim", "spread")
    }
    return {name: value for name, value in named.items() if value is not None}


def recipe_of(row: BiasRow) -> Recipe:
    """The correction, and a scale behind it."""
    if row.line is None:
        raise RuntimeError("each method that can be chosen has a line")
    return Recipe((row.line, Line("zscore", inside="foreground")), name="mr", modality="MR")


def phantom_pictures(brain: BrainPhantom, row: BiasRow) -> tuple[Picture, ...]:
    """The scan, its true field, the one that was taken away, and what is left in white and grey matter."""
    if row.result is None:
        raise RuntimeError("the simulated head has an answer from every method")
    tissue = brain.white | brain.grey
    corrected = row.result * np.median(brain.truth[tissue] / row.result[tissue])
    left = np.where(tissue, 100 * (corrected / np.where(tissue, brain.truth, 1) - 1), np.nan)
    return (
        Picture("Scan", middle(brain.scan.data), 0, 1.5 * WHITE, "a.u."),
        Picture("True field", middle(np.where(tissue, brain.field, np.nan)), 0.5, 1.5, "1", "field"),
        Picture("Taken away", middle(_level(row, tissue)), 0.5, 1.5, "1", "field"),
        Picture("Left over", middle(left), -30, 30, "%", "signed"),
    )


def own_pictures(scan: Scan, row: BiasRow) -> tuple[Picture, ...]:
    """The scan, the field that was taken away in its foreground, and the result."""
    if row.result is None:
        raise RuntimeError("only a row with an answer is drawn")
    low, high = (float(end) for end in np.percentile(scan.data[scan.valid], (1, 99.5)))
    high, aspect = max(high, low + 1e-6), pixel_aspect(scan)
    bright = apply(Recipe((Line("foreground_mask"),)), scan).mask
    inside = scan.valid if bright is None else scan.valid & bright
    before, after = (np.where(scan.valid, values, np.nan) for values in (scan.data, row.result))
    return (
        Picture("Scan", middle(before), low, high, scan.unit, aspect=aspect),
        Picture("Taken away", middle(_level(row, inside)), 0.5, 1.5, "1", "field", None, aspect),
        Picture("Corrected", middle(after), low, high, scan.unit, aspect=aspect),
    )


def profiles(brain: BrainPhantom, found: BiasComparison) -> Chart:
    """The fields from left to right through the middle of the brain."""
    tissue = brain.white | brain.grey
    fields = {"true": np.where(tissue, brain.field, np.nan)}
    fields |= {WORDS[row.method]: _level(row, tissue) for row in found.rows if row.line}
    row = brain.field.shape[1] // 2
    places = (np.arange(brain.field.shape[2]) - (brain.field.shape[2] - 1) / 2) * brain.scan.spacing[2]
    curves = tuple(Curve(name, places, middle(each)[row]) for name, each in fields.items())
    return Chart("Field from left to right", "mm from the middle", "field, mean 1", curves)


def shrunk(scan: Scan, most: Mapping[str, int]) -> Scan:
    """One volume of `scan`, the middle of time and the first channel, with `most` voxels along its axes.

    Raises
    ------
    ValueError
        For complex values, an unknown voxel size, and where too little is left.
    """
    if scan.data.dtype.kind == "c":
        raise ValueError(f"scan {scan.name}: fields are taken from real values, and these are complex; use magnitude")
    if not scan.spacing_known:
        raise ValueError(
            f"scan {scan.name}: fields are smoothed in mm, and the voxel size is unknown; say it on Inspect"
        )
    taken = middle_of(scan, "TC")
    data, valid = (array.reshape(array.shape[-len(scan.spatial_axes) :]) for array in (taken.data, taken.valid))
    volume = Scan(data, scan.spatial_axes, taken.affine, True, scan.unit, scan.modality, valid, name=scan.name)
    factor = tuple(float(math.ceil(volume.size(axis) / limit)) for axis, limit in most.items())
    small = apply(Recipe((Line("downscale", {"factor": factor}),)), volume)
    if min(small.data.shape[-2:]) < LEAST or not small.valid.any():
        raise ValueError(f"scan {scan.name}: a field needs slices of {LEAST} x {LEAST} voxels or more, not all padding")
    return small


def middle(volume: NDArray[np.generic]) -> NDArray[np.generic]:
    """The slice in the middle."""
    return volume if volume.ndim == 2 else volume[volume.shape[0] // 2]


def _level(row: BiasRow, inside: NDArray[np.bool_]) -> Floats:
    """The field that a method took away, with mean 1 inside; NaN elsewhere."""
    field = np.full(inside.shape, np.nan) if row.picture is None else np.where(inside, row.picture, np.nan)
    level: Floats = field.astype(np.float64) / np.nanmean(field)
    return level
