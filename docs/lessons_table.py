"""Write the list of lessons in docs/learn.md from the lessons themselves: python -m docs.lessons_table."""

from collections.abc import Iterator
from pathlib import Path

from prep_core.lessons import LESSONS, Lesson

PAGE = Path(__file__).parent / "learn.md"
BEGIN, END = "<!-- lessons: begin -->\n", "<!-- lessons: end -->\n"


def text() -> str:
    """The whole page, with the list as it is now."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + "".join(f"{row}\n" for row in _rows()) + END + after


def _rows() -> Iterator[str]:
    yield "| | lesson | `lesson` | controls | can be shown on |"
    yield "| ---: | --- | --- | --- | --- |"
    for number, lesson in enumerate(LESSONS.values(), start=1):
        yield f"| {number} | {lesson.title} | `{lesson.key}` | {_controls(lesson)} | {_on(lesson)} |"


def _controls(lesson: Lesson) -> str:
    return ", ".join(f"`{field.name}` ({field.rule})" for field in lesson.controls.values())


def _on(lesson: Lesson) -> str:
    own = (f"an own scan. {lesson.takes_own}",) if lesson.takes_own else ()
    return ", ".join((*(f"`{name}`" for name in lesson.samples), *own)) or "what it simulates"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
