"""For each rule recipes that it warns of, with the line, and recipes that it has nothing against."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prep_core.line import Line
from prep_core.lint import About

CT = About("HU", "CT", (-1024.0, 3071.0))
PADDED_CT = About("HU", "CT", (-2000.0, 3071.0), {"Z": 20, "Y": 512, "X": 512}, (2.5, 0.7, 0.7), padded=True)
CLEAN_CT = About("HU", "CT", (-1024.0, 3071.0), {"Z": 20, "Y": 512, "X": 512}, (2.5, 0.7, 0.7))
MR = About("a.u.", "MR", (0.0, 4000.0), {"Z": 30, "Y": 256, "X": 256}, (5.0, 1.0, 1.0))
SIGNED = About("a.u.", "OPT", (-12.0, 900.0))
PICTURE = About("1", "CR", (0.0, 255.0), {"Y": 512, "X": 512})
MOVIE = About("a.u.", "MIC", (0.0, 255.0), {"T": 7, "Y": 512, "X": 512})
REFLECTANCE = About("a.u.", "MSI", (0.0, 12000.0))
UNKNOWN = About()


@dataclass(frozen=True)
class Case:
    """A recipe, what is known of the scans, and the line that a rule warns of; 0 for none."""

    steps: tuple[Line, ...]
    about: About
    line: int = 0
    words: str = field(default="", compare=False)


def bad(line: int, words: str, about: About, *steps: Line) -> Case:
    return Case(steps, about, line, words)


def good(about: About, *steps: Line) -> Case:
    return Case(steps, about)


def asked(millimetres: float) -> About:
    """Somebody asked for things of this size."""
    return About(spacing=(2.0, 1.0, 1.0), smallest=millimetres)


def divide(by: float) -> Line:
    return Line("rescale", {"divide": by})


WINDOW = Line("window", {"center": 40, "width": 400})
HU_CLIP = Line("clip", {"low": -200, "high": 400})
NDVI = Line("band_index")

CASES: Mapping[str, tuple[Case, ...]] = {
    "hu_without_hu": (
        bad(2, "without a unit", CT, Line("zscore"), WINDOW),
        bad(1, "in a.u.", MR, HU_CLIP),
        bad(1, "in a.u.", MR, Line("metal")),
        bad(2, "without a unit", CT, Line("minmax"), Line("body_mask")),
        bad(1, "without a unit", PICTURE, Line("lung_mask", {"method": "ct"})),
        good(CT, WINDOW, Line("zscore")),
        good(UNKNOWN, WINDOW),
        good(PICTURE, Line("window", {"center": 127.5, "width": 255})),
        good(PICTURE, Line("lung_mask", {"method": "cxr"})),
    ),
    "not_positive": (
        bad(1, "down to -1024", CT, Line("log")),
        bad(2, "down to -5", MR, Line("zscore"), Line("gamma", {"gamma": 0.5})),
        bad(1, "down to -12", SIGNED, Line("decibel")),
        bad(2, "0 or more", MR, Line("zscore"), Line("n4")),
        bad(1, "0 or more", CT, Line("sqrt")),
        bad(1, "-0.375 or more", SIGNED, Line("anscombe")),
        bad(1, "above -1", SIGNED, Line("log", {"offset": 1})),
        good(CT, Line("window"), Line("gamma", {"gamma": 0.5})),
        good(SIGNED, Line("magnitude"), Line("decibel")),
        good(SIGNED, Line("log", {"offset": 20})),
        good(MR, Line("n4", inside="foreground"), Line("zscore")),
        good(SIGNED, Line("n4", inside="positive"), Line("zscore")),
        good(UNKNOWN, Line("log")),
    ),
    "divided_twice": (
        bad(2, "at most 1", PICTURE, divide(255), divide(255)),
        bad(2, "divides by 255", CT, WINDOW, divide(255)),
        bad(3, "at most 1", PICTURE, divide(255), Line("gamma"), divide(255)),
        good(PICTURE, divide(255)),
        good(PICTURE, Line("rescale", {"subtract": 127.5, "divide": 127.5})),
        good(PICTURE, divide(255), Line("rescale", {"subtract": 0.5, "divide": 0.25})),
        good(UNKNOWN, divide(255)),
    ),
    "window_misses": (
        bad(
            1,
            "covers 3000 to 5000",
            About("HU", "CT", (-1000.0, 1000.0)),
            Line("window", {"center": 4000, "width": 2000}),
        ),
        bad(2, "from 0 to 1", MR, Line("minmax"), Line("clip", {"low": 0, "high": 100})),
        bad(1, "covers 300 to 400", PICTURE, Line("rescale_range", {"in_low": 300, "in_high": 400})),
        good(CT, WINDOW),
        good(MR, Line("minmax"), Line("clip", {"low": 0.1, "high": 0.9})),
        good(UNKNOWN, WINDOW),
    ),
    "n4_without_scale": (
        bad(1, "the last word", MR, Line("n4")),
        bad(1, "zscore", MR, Line("n4"), Line("gaussian")),
        good(MR, Line("n4"), Line("zscore")),
        good(MR, Line("n4"), Line("gaussian"), Line("percentile_rescale")),
    ),
    "resample_before_clip": (
        bad(1, "comes before window", CT, Line("resample"), WINDOW),
        bad(1, "comes before clip", PADDED_CT, Line("resample"), HU_CLIP),
        good(CT, WINDOW, Line("resample")),
        good(CLEAN_CT, Line("resample"), WINDOW),
        good(CT, Line("resample", {"interpolation": "nearest"}), WINDOW),
        good(CT, Line("clip", {"low": -1024, "high": 3071}), Line("resample"), WINDOW),
        good(MR, Line("resample"), WINDOW),
        good(CT, Line("resample")),
    ),
    "clahe_after_zscore": (
        bad(2, "comes after zscore", MR, Line("zscore"), Line("clahe")),
        bad(3, "comes after robust_zscore", MR, Line("robust_zscore"), Line("gaussian"), Line("clahe")),
        good(MR, Line("clahe"), Line("zscore")),
        good(MR, Line("zscore"), Line("window", {"center": 0, "width": 6}), Line("clahe")),
        good(MR, Line("percentile_rescale"), Line("clahe")),
    ),
    "index_after_scale": (
        bad(2, "comes after minmax", REFLECTANCE, Line("minmax"), NDVI),
        bad(2, "comes after zscore", REFLECTANCE, Line("zscore"), NDVI),
        bad(2, "comes after log", REFLECTANCE, Line("log"), NDVI),
        good(REFLECTANCE, divide(10000), NDVI, Line("zscore")),
        good(REFLECTANCE, NDVI),
    ),
    "percentiles_over_padding": (
        bad(1, "not marked as padding", PADDED_CT, Line("percentile_rescale")),
        bad(1, "not marked as padding", PADDED_CT, Line("zscore")),
        bad(3, "apply_mask above", CT, Line("body_mask"), Line("apply_mask"), Line("zscore")),
        good(PADDED_CT, Line("percentile_rescale", inside="foreground")),
        good(CLEAN_CT, Line("percentile_rescale")),
        good(PADDED_CT, Line("decibel", {"reference": "fixed"})),
        good(CT, Line("body_mask"), Line("apply_mask"), Line("zscore", inside="mask")),
    ),
    "mask_unused": (
        bad(1, "zscore below is measured inside all", CT, Line("body_mask"), Line("zscore")),
        bad(1, "say inside: mask", CT, Line("lung_mask"), Line("clip"), Line("minmax", inside="foreground")),
        good(CT, Line("body_mask"), Line("zscore", inside="mask")),
        good(CT, Line("body_mask"), Line("apply_mask"), WINDOW),
        good(CT, Line("body_mask"), WINDOW),
    ),
    "split_volume": (
        bad(1, "the planes are one volume", CLEAN_CT, Line("percentile_rescale", per="plane")),
        bad(1, "the planes are one volume", About("HU", "CT"), Line("zscore", per="plane")),
        bad(1, "one frame", CLEAN_CT, Line("zscore", per="frame")),
        good(MOVIE, Line("zscore", per="frame")),
        good(PICTURE, Line("zscore", per="plane")),
        good(CLEAN_CT, Line("zscore", per="all")),
        good(UNKNOWN, Line("zscore", per="plane")),
    ),
    "wider_than_lesion": (
        bad(1, "4.71 mm wide", asked(3.0), Line("gaussian", {"sigma": 2.0})),
        bad(1, "4.71 mm wide", asked(3.0), Line("gaussian", {"sigma": 1.0, "lengths_in": "px"})),
        good(asked(5.0), Line("gaussian", {"sigma": 2.0})),
        good(About(), Line("gaussian", {"sigma": 20.0})),
        good(asked(3.0), Line("median")),
    ),
}
