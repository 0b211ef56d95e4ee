"""What a session, and an address, know of the lessons."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SETTING = "set."
"""How the parameters of an address begin that are controls of the lesson."""

OWN = "own"
"""Where a lesson looks at the scan that is open, instead of a built-in one."""


@dataclass
class Learning:
    """Which lesson is open, with which controls, on what, and whether in large type.

    Attributes
    ----------
    asked : by lesson, the controls that are not as they begin; the lesson checks them
    on : by lesson, the built-in scan, `OWN`, or "" for what it simulates
    """

    lesson: str = ""
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    on: dict[str, str] = field(default_factory=dict)
    large: bool = False


def read(parameters: Mapping[str, str]) -> Learning:
    """What an address asks for; what cannot be read is left out."""
    lesson = parameters.get("lesson", "")
    texts = {name.removeprefix(SETTING): text for name, text in parameters.items() if name.startswith(SETTING)}
    asked = {name: value for name, text in texts.items() for value in _value(text)}
    on = parameters.get("on", "")
    return Learning(lesson, {lesson: asked} if asked else {}, {lesson: on} if on else {}, "large" in parameters)


def write(learning: Learning) -> dict[str, str]:
    """The parameters of an address that opens the lesson as it stands."""
    lesson = learning.lesson
    settings = {f"{SETTING}{name}": json.dumps(value) for name, value in learning.asked.get(lesson, {}).items()}
    words = {"lesson": lesson, "on": learning.on.get(lesson, ""), "large": "1" if learning.large else ""}
    return {name: text for name, text in (words | settings).items() if text}


def _value(text: str) -> tuple[Any, ...]:
    try:
        return (json.loads(text),)
    except ValueError:
        return ()
