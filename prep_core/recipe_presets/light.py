"""Presets for microscopy, satellites and the sky."""

from prep_core.recipe_presets.preset import RecipePreset, because, of_modality
from prep_core.suggesting import Reasoned

EARTH_ENGINE = "https://developers.google.com/earth-engine/datasets/catalog/COPERNICUS_S2_HARMONIZED"


def _reflectance(offset: float, reason: str) -> tuple[Reasoned, ...]:
    return (
        because(reason, "rescale", {"subtract": offset, "divide": 10000.0}),
        because("Reflectance above 1 is glare, cloud or snow, below 0 it is noise.", "clip"),
    )


LIGHT = (
    RecipePreset(
        "cellpose",
        "Cellpose",
        "fluorescence and bright field",
        "normalize99: each channel from its 1 to its 99 percentile, without clipping.",
        "https://github.com/MouseLand/cellpose/blob/main/cellpose/transforms.py",
        (
            because(
                "Exposure and staining differ from picture to picture, so each channel is measured alone: 1 % at each "
                "end lies outside of 0 to 1 and is kept.",
                "percentile_rescale",
                {"low": 1.0, "high": 99.0, "clip": False},
                per="channel",
            ),
        ),
        of_modality("MIC"),
    ),
    RecipePreset(
        "stardist",
        "StarDist",
        "fluorescent nuclei",
        "normalize(img, 1, 99.8, axis=(0, 1)): each channel from its 1 to its 99.8 percentile, without clipping.",
        "https://github.com/stardist/stardist/blob/main/examples/2D/3_prediction.ipynb",
        (
            because(
                "Nuclei fill a small part of the picture, so only 0.2 % is left above 1; the dark 1 % is ground.",
                "percentile_rescale",
                {"low": 1.0, "high": 99.8, "clip": False},
                per="channel",
            ),
        ),
        of_modality("MIC"),
    ),
    RecipePreset(
        "sentinel2",
        "Sentinel-2 reflectance, harmonised or before 2022",
        "Sentinel-2 with a processing baseline before 04.00, or from a harmonised collection",
        "Reflectance is stored times 10000.",
        EARTH_ENGINE,
        _reflectance(0.0, "Reflectance has a meaning of its own: one fixed number for all bands keeps their ratios."),
        of_modality("MSI"),
    ),
    RecipePreset(
        "sentinel2_baseline_04",
        "Sentinel-2 reflectance, from baseline 04.00 (2022)",
        "Sentinel-2 with a processing baseline of 04.00 or later, as delivered",
        "Reflectance is stored times 10000, and since 2022-01-25 shifted by 1000.",
        EARTH_ENGINE,
        _reflectance(
            1000.0,
            "1000 was added so that dark surfaces need no negative numbers; left in, an NDVI of 0.71 (0.30 and 0.05) "
            "reads as 0.45.",
        ),
        of_modality("MSI"),
    ),
    RecipePreset(
        "astropy_asinh",
        "Astropy, asinh stretch",
        "FITS pictures of the sky",
        "AsinhStretch(0.1) + PercentileInterval(99.5).",
        "https://docs.astropy.org/en/stable/visualization/normalization.html",
        (
            because(
                "The middle 99.5 % of the values become 0 to 1; cosmic rays and dead pixels do not set the scale.",
                "percentile_rescale",
                {"low": 0.25, "high": 99.75},
            ),
            because(
                "asinh is straight below 0.1, where the sky and its noise are, and a logarithm for bright stars.",
                "asinh",
                {"scale": 0.1},
            ),
        ),
        of_modality("AST"),
    ),
)
