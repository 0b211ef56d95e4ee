"""docs/learn.md lists the lessons there are."""

from docs.lessons_table import PAGE, text


def test_the_list_is_that_of_the_lessons() -> None:
    assert PAGE.read_text("utf-8") == text(), "run python -m docs.lessons_table"
