"""Measuring: numbers over a reference population, in one pass or two, mergeable."""

from prep_core.measure.accumulator import Accumulator, Countable, Fixed
from prep_core.measure.co_moments import CoMoments
from prep_core.measure.combined import Answered, InTurn, Together
from prep_core.measure.counting import Extremes, Histogram, Shares, Voxels
from prep_core.measure.derived import Chosen, Derived
from prep_core.measure.distribution import distribution_curve
from prep_core.measure.landmarks import StandardLandmarks, landmark_curve
from prep_core.measure.mode import kernel_mode
from prep_core.measure.moments import Moments
from prep_core.measure.otsu import Otsu
from prep_core.measure.percentiles import Counted, Percentiles
from prep_core.measure.pixel_stack import PixelStack, median_of
from prep_core.measure.pixels import PixelExtremes, PixelMoments
from prep_core.measure.population import INSIDE, PER, POOL, groups, images, inside_mask, split_sizes, weight_of
from prep_core.measure.quantile_curve import QuantileCurve
from prep_core.measure.robust import median_and_iqr, median_and_mad
from prep_core.measure.white_stripe import stripe_moments

__all__ = [
    "INSIDE",
    "PER",
    "POOL",
    "Accumulator",
    "Answered",
    "Chosen",
    "CoMoments",
    "Countable",
    "Counted",
    "Derived",
    "Extremes",
    "Fixed",
    "Histogram",
    "InTurn",
    "Moments",
    "Otsu",
    "Percentiles",
    "PixelExtremes",
    "PixelMoments",
    "PixelStack",
    "QuantileCurve",
    "Shares",
    "StandardLandmarks",
    "Together",
    "Voxels",
    "distribution_curve",
    "groups",
    "images",
    "inside_mask",
    "kernel_mode",
    "landmark_curve",
    "median_and_iqr",
    "median_and_mad",
    "median_of",
    "split_sizes",
    "stripe_moments",
    "weight_of",
]
