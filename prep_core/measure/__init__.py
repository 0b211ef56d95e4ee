"""Measuring: numbers over a reference population, in one pass or two, mergeable."""

from prep_core.measure.accumulator import Accumulator, Fixed
from prep_core.measure.moments import Moments
from prep_core.measure.percentiles import Percentiles
from prep_core.measure.population import INSIDE, PER, groups, images, inside_mask, split_sizes

__all__ = [
    "INSIDE",
    "PER",
    "Accumulator",
    "Fixed",
    "Moments",
    "Percentiles",
    "groups",
    "images",
    "inside_mask",
    "split_sizes",
]
