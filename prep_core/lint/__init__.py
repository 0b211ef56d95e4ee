"""A linter for recipes: lines that are valid and probably not meant."""

from prep_core.lint import order, population, values
from prep_core.lint.about import About, about_recipe, about_scan, met
from prep_core.lint.rule import Concern, Rule
from prep_core.recipe import Recipe

__all__ = ["RULES", "About", "Concern", "Rule", "about_recipe", "about_scan", "lint"]

RULES = (
    Rule(
        values.hu_without_hu,
        "The window picks tissue by its HU; on other values it picks whatever happens to lie there.",
        "DICOM PS3.3 C.11.2.1.2: a window applies to the output of the Modality LUT.",
    ),
    Rule(
        values.not_positive,
        "These have no answer, or no meaning, at or below zero: noise around zero becomes the darkest structure.",
        "ITK's N4 takes the logarithm of the image (Tustison 2010); decibel is defined for power and amplitude.",
    ),
    Rule(
        values.divided_twice,
        "Pictures of 8 bits divided by 255 twice reach a network as values below 0.004.",
        "ToTensor of torchvision and ScaleIntensity of MONAI divide already; a second division is a common fault.",
    ),
    Rule(
        values.window_misses,
        "What lies outside a window is lost, and what fills a fiftieth of it becomes one grey.",
        "256 grey levels: a fiftieth of the range is 5 of them.",
    ),
    Rule(
        order.n4_without_scale,
        "N4 removes what varies slowly and leaves the scale of the scanner, which differs between scans.",
        "Tustison 2010: the field is known up to a factor.",
    ),
    Rule(
        order.resample_before_clip,
        "Interpolation mixes padding of -2000 HU into the rim of the body, where it looks like air or fat.",
        "Padding codes around CT: -2000 (GE), -3024 (Siemens), DICOM PS3.3 C.7.5.1.1.2.",
    ),
    Rule(
        order.clahe_after_zscore,
        "CLAHE maps its input range to 0 to 1, so the mean and spread that the line above set are gone.",
        "Zuiderveld 1994: equalisation works on grey levels of a fixed range.",
    ),
    Rule(
        order.index_after_scale,
        "(a - b) / (a + b) is blind to a common factor, and to nothing else: an offset of one band changes it.",
        "Rouse 1974: NDVI is a ratio of reflectances.",
    ),
    Rule(
        population.percentiles_over_padding,
        "A quarter of padding moves a percentile, a mean and a spread far more than any tissue does.",
        "nnU-Net (Isensee 2021) measures the foreground for the same reason.",
    ),
    Rule(
        population.mask_unused,
        "A mask changes no number by itself: air and table still pull the mean of a scan.",
        "As nnU-Net's use_mask_for_norm: measuring inside a mask is said by the line that measures.",
    ),
    Rule(
        population.split_volume,
        "A plane at the edge of the body is stretched like one through its middle.",
        "Reinhold 2019: normalisation of MR is by volume.",
    ),
    Rule(
        population.wider_than_lesion,
        "A structure narrower than the filter keeps less than half of its contrast.",
        "Convolution of a Gaussian structure with a filter of the same width leaves 1/sqrt(2) of its height in one "
        "dimension, a half in two, a third in three.",
    ),
)
"""Every rule, values first."""


def lint(recipe: Recipe, about: About) -> tuple[Concern, ...]:
    """What is odd about `recipe`, line by line.

    Parameters
    ----------
    about : About
        What is known of the scans: `about_recipe(recipe)`, or `about_scan(inspect(scan))`.
    """
    found = (rule.concern(line) for line in met(recipe, about) for rule in RULES)
    return tuple(concern for concern in found if concern)
