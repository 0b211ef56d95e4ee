"""Recipes come from strangers: read YAML by its events, and refuse all that a list of numbers does not need.

Refused are anchors, aliases, tags, merge keys, duplicate keys, several documents, and plain words that YAML 1.1 and 1.2
read differently ("no", 010, 1:30).  Numbers are those of YAML 1.2, so 1e-3 is a number.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from prep_core.param import brief

MAX_BYTES = 2 * 1024 * 1024
"""A recipe that was fitted on 100,000 scans, the most that a list of scans has, names each by 16 hex digits."""

MAX_VALUES = 120_000
"""Keys and values: what takes time to read, some 3 s at most, is their number."""

MAX_DEPTH = 12
MAX_KEYS = 1000
"""Keys of one mapping; what is long in a recipe are its lists."""

MAX_KEY = 80
"""Characters of a key, which complaints repeat as it is."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d{1,3})?")
_AMBIGUOUS = re.compile(
    r"[-+]?0\d+|[-+]?\d[\d_]*_[\d_]*|[-+]?\d+(?::[0-5]?\d)+(?:\.\d*)?|0[xob][\da-fA-F_]+|[-+]?\.inf|\.nan|yes|no|on|off|y|n",
    re.IGNORECASE,
)


class YamlError(ValueError):
    """A complaint about the text, with the line of the text where there is one."""


@dataclass
class _Open:
    """A mapping or a list that has begun and not ended."""

    value: dict[str, Any] | list[Any]
    key: str | None = None


def load_mapping(text: str | bytes) -> dict[str, Any]:
    """Read `text` as one mapping of plain values: str, int, float, bool, None, lists and mappings of these.

    Raises
    ------
    YamlError
        With the line of the text and what to write instead.
    """
    root: list[Any] = []
    stack: list[_Open] = []
    documents = values = 0
    for event in _events(_decoded(text)):
        where = f"text line {event.start_mark.line + 1}"
        _refuse_references(event, where)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            raise YamlError(f"{where}: a recipe is exactly one document; remove the second one")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            values += 1
            if values > MAX_VALUES:
                raise YamlError(f"{where}: a recipe may have {MAX_VALUES} keys and values, this has more")
        if isinstance(event, yaml.ScalarEvent):
            _refuse_halves(event.value, where)
            plain = event.style is None and event.implicit[0]
            _put(root, stack, _scalar(event.value, where) if plain else event.value, where)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) == MAX_DEPTH:
                raise YamlError(f"{where}: nested deeper than {MAX_DEPTH}")
            opened = _Open({} if isinstance(event, yaml.MappingStartEvent) else [])
            _put(root, stack, opened.value, where)
            stack.append(opened)
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
    if not root or not isinstance(root[0], dict):
        raise YamlError("a recipe must be a mapping at the top: prep, name, steps")
    return root[0]


def needs_quotes(text: str) -> bool:
    """Whether `text`, written without quotes, would be read as something else, or not at all."""
    try:
        return bool(_scalar(text, "") != text)
    except YamlError:
        return True


def _decoded(text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise YamlError(f"a recipe may have {MAX_BYTES} bytes, this has {len(text)}")
    try:
        words = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise YamlError(f"not UTF-8 text: byte {error.start} cannot be decoded") from None
    if not words.strip():
        raise YamlError("the recipe is empty")
    return words


def _events(text: str) -> Iterator[Any]:
    line = 0
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=yaml.SafeLoader)
        for event in events:
            line = event.end_mark.line
            yield event
    except ReaderError as error:
        line = text.count("\n", 0, error.position)
        raise YamlError(
            f"text line {line + 1}: the character U+{error.character:04X} is not allowed; remove it"
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"text line {mark.line + 1}: " if mark else ""
        raise YamlError(f"{place}not valid YAML: {brief(str(error.problem))}") from None
    except (ValueError, OverflowError):
        # PyYAML converts escapes such as "\UFFFFFFFF" and the version of %YAML without a look at their size.
        raise YamlError(
            f"near text line {line + 1}: not valid YAML: an escaped character or a version is too large a number"
        ) from None


def _refuse_references(event: yaml.Event, where: str) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlError(f"{where}: anchors and aliases (& and *) are not allowed; write the value out")
    tag = getattr(event, "tag", None)
    if tag and tag != "!":
        raise YamlError(f"{where}: the tag {brief(tag)} is not allowed; a recipe holds plain values only")


def _refuse_halves(text: str, where: str) -> None:
    """Complain about what an escape such as "\\ud800" makes: half of a character, which no file can hold."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise YamlError(f"{where}: {brief(ascii(text))} holds half of a character; write the whole character")


def _put(root: list[Any], stack: list[_Open], value: Any, where: str) -> None:
    if not stack:
        root.append(value)
        return
    parent = stack[-1]
    if isinstance(parent.value, list):
        parent.value.append(value)
    elif parent.key is None:
        parent.key = _key(parent.value, value, where)
    else:
        parent.value[parent.key] = value
        parent.key = None


def _key(mapping: dict[str, Any], key: Any, where: str) -> str:
    if not isinstance(key, str) or key == "<<":
        raise YamlError(f"{where}: a key must be plain text, got {str(key)[:40]!r}")
    if len(key) > MAX_KEY or not key.isprintable():
        raise YamlError(f"{where}: a key must be one line of at most {MAX_KEY} characters, got {key[:40]!r}")
    if len(mapping) == MAX_KEYS:
        raise YamlError(f"{where}: a mapping may have {MAX_KEYS} keys, this has more")
    if key in mapping:
        raise YamlError(f"{where}: duplicate key {key[:40]!r}; keep one of them")
    return key


def _scalar(text: str, where: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        if math.isfinite(number := float(text)):
            return number
        raise YamlError(f"{where}: {text} is not a finite number")
    if _AMBIGUOUS.fullmatch(text):
        raise YamlError(
            f"{where}: {text} is ambiguous (YAML versions read it differently, or it is not a finite number); "
            "write a plain decimal number, true or false, or quote the text"
        )
    return text
