"""Thirteen lessons on preprocessing, computed live by the steps of recipes."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.lessons import ct_units, zero_decibel
from prep_core.lessons.augmentations import show as augmentations
from prep_core.lessons.background_patches import show as background_patches
from prep_core.lessons.brightest_pixels import show as brightest_pixels
from prep_core.lessons.contrast_price import show as contrast_price
from prep_core.lessons.corner_label import show as corner_label
from prep_core.lessons.each_case import show as each_case
from prep_core.lessons.enough_data import show as enough_data
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table
from prep_core.lessons.mean_image import show as mean_image
from prep_core.lessons.millimetres import show as millimetres
from prep_core.lessons.mr_fields import show as mr_fields
from prep_core.lessons.thirteen_bands import show as thirteen_bands

__all__ = ["LESSONS", "Chart", "Curve", "Lesson", "Picture", "Shown", "Table"]

LESSONS: Mapping[str, Lesson] = MappingProxyType(
    {
        lesson.key: lesson
        for lesson in (
            brightest_pixels.LESSON,
            zero_decibel.LESSON,
            each_case.LESSON,
            mean_image.LESSON,
            background_patches.LESSON,
            ct_units.LESSON,
            mr_fields.LESSON,
            contrast_price.LESSON,
            millimetres.LESSON,
            thirteen_bands.LESSON,
            augmentations.LESSON,
            enough_data.LESSON,
            corner_label.LESSON,
        )
    }
)
"""Key to lesson, in the order in which they are taught."""
