"""Thirteen lessons on preprocessing, computed live by the steps of recipes."""

from collections.abc import Mapping
from types import MappingProxyType

from prep_core.lessons import zero_decibel
from prep_core.lessons.lesson import Chart, Curve, Lesson, Picture, Shown, Table

__all__ = ["LESSONS", "Chart", "Curve", "Lesson", "Picture", "Shown", "Table"]

LESSONS: Mapping[str, Lesson] = MappingProxyType({lesson.key: lesson for lesson in (zero_decibel.LESSON,)})
"""Key to lesson, in the order in which they are taught."""
