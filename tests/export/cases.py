"""Recipes, arrays, and the targets that can do each recipe exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prep_core.line import Line
from prep_core.recipe import Recipe
from prep_core.run import fit
from prep_core.scan import Scan

CODE = ("python", "monai", "torchio")
EVERY = (*CODE, "nnunet", "bioimageio")
L = Line
DATASET = "dataset"


@dataclass(frozen=True)
class Case:
    """A recipe on an array, and who can do it."""

    name: str
    lines: tuple[Line, ...]
    targets: tuple[str, ...]
    array: Callable[[], NDArray[np.generic]]
    axes: str = "ZYX"
    spacing: tuple[float, ...] | None = None

    @property
    def recipe(self) -> Recipe:
        """Fitted on the array and two like it, where a line needs that."""
        if not Recipe(self.lines).waiting:
            return Recipe(self.lines, self.name)
        scans = [Scan(self.array() * share, self.axes) for share in (1, 0.75, 0.5)]
        return fit(Recipe(self.lines, self.name), scans)

    def expected(self) -> NDArray[np.generic]:
        return self.recipe(self.array(), self.axes, self.spacing)


def hounsfield() -> NDArray[np.int16]:
    """A body of soft tissue and bone in air."""
    z, y, x = np.mgrid[-1:1:6j, -1:1:20j, -1:1:24j]
    body = np.where(z**2 + y**2 + x**2 < 0.8, 40, -1000) + 900 * (y**2 + x**2 < 0.05)
    return (body + np.random.default_rng(0).normal(0, 30, body.shape)).astype(np.int16)


def unit(shape: tuple[int, ...] = (6, 20, 24)) -> NDArray[np.float32]:
    return np.random.default_rng(1).uniform(0.01, 1, shape).astype(np.float32)


def counts() -> NDArray[np.uint16]:
    return np.random.default_rng(2).poisson(400 * unit()).astype(np.uint16)


def complex_amplitudes() -> NDArray[np.complex64]:
    phase = np.random.default_rng(3).uniform(0, 2 * np.pi, (6, 20, 24))
    return (10 ** (-4 * unit()) * np.exp(1j * phase)).astype(np.complex64)


def colours() -> NDArray[np.uint8]:
    return (255 * unit((3, 20, 24))).astype(np.uint8)


def bands() -> NDArray[np.float32]:
    return unit((3, 4, 20, 24)) * np.float32([1, 10, 100]).reshape(3, 1, 1, 1)


RANGE = {"in_low": 0.0, "in_high": 1.0}
CASES = (
    Case("ct window", (L("clip", {"low": -1000.0, "high": 1000.0}), L("window")), (*CODE, "bioimageio"), hounsfield),
    Case("ct of nnU-Net", (L("ct_foreground"),), EVERY, hounsfield),
    Case(
        "ct clip, frozen z-score",
        (L("clip", {"low": -200.0, "high": 300.0}), L("zscore", over=DATASET)),
        EVERY,
        hounsfield,
    ),
    Case("z-score", (L("zscore"),), EVERY, counts),
    Case("z-score per channel", (L("zscore", per="channel"),), EVERY, bands, "CZYX"),
    Case("z-score per plane", (L("zscore", per="plane"),), (*CODE, "bioimageio"), counts),
    Case(
        "z-score per channel, frozen", (L("zscore", over=DATASET, per="channel"),), (*CODE, "bioimageio"), bands, "CZYX"
    ),
    Case("min-max", (L("minmax"),), EVERY, counts),
    Case("min-max, frozen", (L("minmax", {"out_low": -1.0}, over=DATASET),), (*CODE, "bioimageio"), counts),
    Case("percentiles", (L("percentile_rescale"),), (*CODE, "bioimageio"), counts),
    Case(
        "percentiles of CSBDeep",
        (L("percentile_rescale", {"low": 3.0, "clip": False}),),
        (*CODE, "bioimageio"),
        counts,
    ),
    Case("percentiles, frozen", (L("percentile_rescale", over=DATASET),), (*CODE, "bioimageio"), counts),
    Case("percentile clip, z-score", (L("percentile_clip"), L("zscore")), CODE, counts),
    Case(
        "percentile clip, z-score, frozen",
        (L("percentile_clip", over=DATASET), L("zscore", over=DATASET)),
        EVERY,
        counts,
    ),
    Case("z-score of the foreground", (L("zscore", inside="foreground"),), CODE, hounsfield),
    Case("robust", (L("sigma_clip"), L("robust_zscore"), L("robust_zscore", {"spread": "iqr"})), CODE, counts),
    Case(
        "oct in dB",
        (
            L("magnitude"),
            L("decibel", over=DATASET),
            L("clip", {"low": -50.0, "high": 0.0}),
            L("zscore", over=DATASET),
        ),
        CODE,
        complex_amplitudes,
    ),
    Case(
        "curves",
        (
            L("rescale_range", {"in_high": 600.0}),
            L("gamma", {"gamma": 0.7}),
            L("log", {"base": "2"}),
            L("asinh"),
            L("sqrt"),
            L("anscombe"),
            L("rescale", {"subtract": 1.0, "divide": 3.0}),
            L("round_to", {"levels": 64}),
        ),
        CODE,
        counts,
    ),
    Case(
        "inverted, sigmoid",
        (L("invert", {"high": 600.0}), L("window", {"center": 300.0, "function": "sigmoid"})),
        (*CODE, "bioimageio"),
        counts,
    ),
    Case(
        "filters",
        (
            L("median"),
            L("gaussian", {"lengths_in": "px"}),
            L("unsharp", {"lengths_in": "px"}),
            L("clahe", {"tile": 8}),
        ),
        CODE,
        counts,
    ),
    Case("gaussian in mm", (L("gaussian"),), ("python", "monai"), counts, spacing=(2.0, 1.0, 1.5)),
    Case("grey", (L("to_grey"), L("rescale", {"divide": 255.0})), CODE, colours, "CYX"),
    Case("colours to 0 to 1", (L("rescale", {"divide": 255.0}),), EVERY, colours, "CYX"),
    Case("chosen channels", (L("select_channels", {"names": "2,0"}), L("zscore")), CODE, bands, "CZYX"),
    Case("vegetation", (L("band_index", {"index": "custom", "a": "1", "b": "0"}),), CODE, bands, "CZYX"),
    Case("reorient", (L("reorient", {"axes": "RAS"}), L("zscore")), CODE, hounsfield, spacing=(2.0, 1.0, 1.5)),
    Case("swapped axes", (L("reorient", {"axes": "SPL"}),), CODE, hounsfield, spacing=(2.0, 1.0, 1.5)),
    Case(
        "crop and pad",
        (L("zscore"), L("crop_or_pad", {"size": (7.0, 11.0, 0.0), "fill": -1.0})),
        ("python", "torchio"),
        hounsfield,
    ),
    Case(
        "crop to the foreground, downscale",
        (L("crop_foreground", {"margin": 2.0}), L("downscale"), L("zscore")),
        ("python",),
        hounsfield,
        spacing=(2.0, 1.0, 1.5),
    ),
    Case(
        "crop and pad, then measured",
        (L("crop_or_pad", {"size": (9.0, 11.0, 30.0)}), L("zscore")),
        ("python",),
        hounsfield,
    ),
    Case(
        "resample",
        (L("resample", {"spacing": (1.0, 1.5, 1.5)}), L("zscore")),
        ("python",),
        hounsfield,
        spacing=(2.0, 1.0, 1.5),
    ),
    Case(
        "z-score, resample",
        (L("zscore"), L("resample", {"spacing": (1.0, 2.0, 1.0), "antialias": False})),
        ("python", "nnunet"),
        hounsfield,
        spacing=(2.0, 1.0, 1.5),
    ),
    Case("nothing", (), EVERY, unit),
)
