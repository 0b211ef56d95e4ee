"""What holds for every lesson."""

import json
from collections.abc import Mapping

import numpy as np
import pytest

from prep_core.lessons import LESSONS, Lesson, Picture, Shown
from prep_core.recipe import Recipe
from prep_core.samples import SAMPLES

LETTERS: Mapping[int, int] = {1: 60, 2: 45, 3: 29, 4: 22}
"""Of a title and a range that fit above a picture on a page 1280 wide, by the number of pictures beside each other."""

every_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


@pytest.fixture(scope="module")
def shown_once() -> dict[str, Shown]:
    """What each lesson shows with its defaults."""
    return {key: lesson.shown() for key, lesson in LESSONS.items()}


@every_lesson
def test_all_it_shows_can_be_drawn(lesson: Lesson, shown_once: dict[str, Shown]) -> None:
    shown = shown_once[lesson.key]
    assert shown.happened
    assert shown.pictures or shown.charts
    assert all(np.isfinite(value) for value in shown.numbers.values())
    for row in shown.pictures:
        for picture in row:
            _drawable(picture, LETTERS[len(row)])
        assert len({picture.aspect for picture in row}) == 1
    for chart in shown.charts:
        assert chart.curves
        assert all(len(curve.x) == len(curve.y) for curve in chart.curves)
    for table in shown.tables:
        assert all(len(row) == len(table.head) for row in table.rows)


def _drawable(picture: Picture, letters: int) -> None:
    assert picture.image.ndim == 2 or (picture.image.shape[0] == 3 and picture.image.dtype == np.uint8)
    assert picture.low < picture.high
    unit = "" if picture.unit == "1" else f" {picture.unit}"
    span = f"± {picture.high:.4g}" if picture.colours == "signed" else f"{picture.low:.4g} to {picture.high:.4g}"
    assert len(picture.title + span + unit) <= letters, "the range behind a longer title is cut off"


@every_lesson
def test_the_same_controls_give_the_same_numbers(lesson: Lesson, shown_once: dict[str, Shown]) -> None:
    again = lesson.shown()
    assert again.numbers == shown_once[lesson.key].numbers
    assert again.happened == shown_once[lesson.key].happened


@every_lesson
def test_breaking_it_changes_what_is_said(lesson: Lesson, shown_once: dict[str, Shown]) -> None:
    assert lesson.breaks
    assert json.loads(json.dumps(dict(lesson.breaks))) == dict(lesson.breaks), "an address holds them as JSON"
    broken = lesson.shown(**lesson.breaks)
    assert broken.happened != shown_once[lesson.key].happened
    for row in broken.pictures:
        for picture in row:
            _drawable(picture, LETTERS[len(row)])


@every_lesson
def test_its_recipe_reads_back(lesson: Lesson, shown_once: dict[str, Shown]) -> None:
    recipe = shown_once[lesson.key].recipe
    if recipe is not None:
        assert Recipe.from_yaml(recipe.to_yaml()) == recipe
    else:
        assert not lesson.takes_own, "a lesson for an own scan has a recipe to take along"


@every_lesson
def test_it_can_be_shown_on_each_of_its_samples(lesson: Lesson) -> None:
    assert set(lesson.samples) <= set(SAMPLES)


@every_lesson
def test_its_words_are_sentences(lesson: Lesson, shown_once: dict[str, Shown]) -> None:
    for words in (lesson.breaking, *shown_once[lesson.key].happened):
        assert words.endswith((".", "?"))
        assert "nan" not in words.lower().split()
    assert lesson.question.endswith("?")
    for field in lesson.controls.values():
        assert field.p.help.endswith((".", "?"))


def test_an_impossible_control_is_refused() -> None:
    lesson = LESSONS["zero-decibel"]
    with pytest.raises(ValueError, match=r"gain must be float from 0\.01 to 100, got 1000"):
        lesson.shown(gain=1000.0)
    with pytest.raises(ValueError, match="has no parameter volume"):
        lesson.shown(volume=3)
